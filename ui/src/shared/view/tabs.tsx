/** A row of choices, one of which is shown. One stop for the Tab key; the arrows choose within. */

import { type KeyboardEvent, useRef } from 'react';

interface TabsProps<Name extends string> {
  tabs: readonly Name[];
  chosen: Name;
  onChoose: (name: Name) => void;
}

export function Tabs<Name extends string>({ tabs, chosen, onChoose }: TabsProps<Name>) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const name = tabs[nextAt(event.key, tabs.indexOf(chosen), tabs.length)];
    if (name === undefined) return;
    event.preventDefault();
    onChoose(name);
    const button = list.current?.children[tabs.indexOf(name)];
    if (button instanceof HTMLElement) button.focus();
  };
  return (
    <div ref={list} className="tabs" role="tablist" onKeyDown={move}>
      {tabs.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === chosen}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/** -1 for a key that moves nothing; past an end it goes on at the other one. */
function nextAt(key: string, at: number, count: number): number {
  if (key === 'ArrowRight') return (at + 1) % count;
  if (key === 'ArrowLeft') return (at + count - 1) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : -1;
}
