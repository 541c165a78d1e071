import { shown } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import type { Estimate } from './check-order';

export function EstimateTable({ figures, market }: { figures: Estimate; market: Market }) {
  return (
    <dl className="estimate">
      <Row name="Cost" value={figures.cost} unit={market.quote} />
      <Row name="Fee at most" value={figures.fee} unit={figures.feeCurrency} />
      <Row name="Will be reserved" value={figures.reserved} unit={figures.reservedCurrency} />
    </dl>
  );
}

function Row({ name, value, unit }: { name: string; value: string | null; unit: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value === null ? '–' : `${shown(value, 8)} ${unit}`}</dd>
    </div>
  );
}
