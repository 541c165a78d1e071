/** One market: its status, its band in prices and in per cent, and what ops may do to it. */

import { useRef, useState } from 'react';
import { trimmed } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { BandForm } from './band-form';
import { type Multipliers, percentsText, pricesText } from './bands';
import type { BandInfo } from './get-bands';

const COLUMNS = 9;

interface MarketRowProps {
  market: Market;
  last: string | undefined;
  band: BandInfo | undefined;
  onHalt: () => void;
  onResume: () => void;
}

export function MarketRow({ market, last, band, onHalt, onResume }: MarketRowProps) {
  const [editing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setEditing(false);
    opener.current?.focus();
  };
  return (
    <>
      <tr>
        <td>{market.symbol}</td>
        <td>{market.status}</td>
        <td>{trimmed(market.tick)}</td>
        <td>{trimmed(market.lot)}</td>
        <td>{last && Number(last) > 0 ? trimmed(last) : '–'}</td>
        <BandCell band={market.bidBand} market={market} last={last} />
        <BandCell band={market.askBand} market={market} last={last} />
        <td>{band ? (band.set_by_operator ? 'ops' : 'configuration') : '–'}</td>
        <td>
          <button
            ref={opener}
            type="button"
            disabled={market.status === 'BREAK'}
            aria-expanded={editing}
            onClick={() => (editing ? close() : setEditing(true))}
          >
            Band
          </button>{' '}
          <button type="button" disabled={market.status !== 'TRADING'} onClick={onHalt}>
            Halt
          </button>{' '}
          <button type="button" disabled={market.status !== 'HALT'} onClick={onResume}>
            Resume
          </button>
        </td>
      </tr>
      {editing && (
        <tr>
          <td colSpan={COLUMNS}>
            <BandForm market={market} last={last} known={band} onClose={close} />
          </td>
        </tr>
      )}
    </>
  );
}

function BandCell({
  band,
  market,
  last,
}: {
  band: Multipliers;
  market: Market;
  last: string | undefined;
}) {
  return (
    <td>
      {pricesText(band, last, market.tick, market.priceDecimals)}{' '}
      <small>{percentsText(band)}</small>
    </td>
  );
}
