/** A row of choices, one of which is shown. */

interface TabsProps<Name extends string> {
  tabs: readonly Name[];
  chosen: Name;
  onChoose: (name: Name) => void;
}

export function Tabs<Name extends string>({ tabs, chosen, onChoose }: TabsProps<Name>) {
  return (
    <div className="tabs" role="tablist">
      {tabs.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === chosen}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
