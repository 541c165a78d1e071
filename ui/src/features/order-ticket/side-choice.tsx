import type { Side } from '../../shared/ticket/ticket-store';

const SIDES: ReadonlyArray<[Side, string]> = [
  ['BUY', 'Buy'],
  ['SELL', 'Sell'],
];

export function SideChoice({ side, onChange }: { side: Side; onChange: (side: Side) => void }) {
  return (
    <fieldset className="side-choice">
      <legend className="unseen">Side</legend>
      {SIDES.map(([value, label]) => (
        <label key={value} className={value}>
          <input
            type="radio"
            name="side"
            value={value}
            checked={side === value}
            onChange={() => onChange(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
