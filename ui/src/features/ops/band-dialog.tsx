/** Asks before a band is set, or the configured one restored: what will hold, and what does now. */

import type { Model } from '../../shared/api/answer';
import type { Market } from '../../shared/markets/markets';
import { ConfirmDialog } from '../../shared/view/confirm-dialog';
import { sidesOf } from './band-draft';
import { type Multipliers, percentsText, pricesText } from './bands';

/** What is asked about: a band, null for the configured one. */
export interface Asked {
  band: Model<'BandRequest'> | null;
}

interface BandDialogProps extends Asked {
  configured: Model<'BandFigures'> | undefined;
  market: Market;
  last: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

export function BandDialog({
  band,
  configured,
  market,
  last,
  onConfirm,
  onClose,
}: BandDialogProps) {
  const wanted = band ?? configured;
  const [bids, asks] = wanted ? sidesOf(wanted) : [];
  const side = (name: string, next: Multipliers, now: Multipliers) =>
    `${name}: ${percentsText(next)} ${pricesText(next, last, market.tick, market.priceDecimals)} (now ${percentsText(now)})`;
  return (
    <ConfirmDialog
      title={`${band ? 'Set the band' : 'Restore the configured band'} of ${market.symbol}?`}
      action={`${band ? 'Set' : 'Restore'} the band of ${market.symbol}`}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        New orders outside the band are refused from then on; orders that rest stay.
        {band && ' It holds over restarts, until it is restored.'}
      </p>
      {bids && asks && (
        <ul>
          <li>{side('A bid', bids, market.bidBand)}</li>
          <li>{side('An ask', asks, market.askBand)}</li>
        </ul>
      )}
    </ConfirmDialog>
  );
}
