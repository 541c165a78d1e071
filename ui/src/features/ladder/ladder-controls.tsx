/** The ladder's step, the way back to the best prices, and one-click trading. */

import { groupings } from '../../shared/markets/groups';
import type { Market } from '../../shared/markets/markets';
import { useLadder } from '../../shared/ticket/ladder-store';
import { useTicket } from '../../shared/ticket/ticket-store';

interface ControlsProps {
  market: Market;
  /** Null where the ladder chooses. */
  step: number | null;
  onStep: (step: number | null) => void;
  armed: boolean;
  mayArm: boolean;
}

export function LadderControls({ market, step, onStep, armed, mayArm }: ControlsProps) {
  const quantity = useTicket((ticket) => ticket.quantity);
  const { setArmed } = useTicket.getState();
  const centre = useLadder((ladder) => ladder.centre);
  const sends = `Armed: a click sends ${quantity || 'nothing yet'}`;
  return (
    <div className="ladder-controls">
      <select
        aria-label="Ladder step"
        value={step ?? ''}
        onChange={({ target }) => onStep(target.value ? Number(target.value) : null)}
      >
        <option value="">auto</option>
        {groupings(market.tick).map(({ ticks, label }) => (
          <option key={ticks} value={ticks}>
            {label}
          </option>
        ))}
      </select>
      <button type="button" onClick={centre} aria-label="Centre the ladder" title="Centre (C)">
        ↕
      </button>
      <label className="arm" title={armed ? sends : 'One-click trading'}>
        <input
          type="checkbox"
          checked={armed}
          disabled={!mayArm}
          aria-label={armed ? sends : 'Arm one click'}
          onChange={(event) => setArmed(event.target.checked)}
        />
        {armed ? 'Armed' : 'Arm'}
      </label>
    </div>
  );
}
