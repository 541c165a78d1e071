import { shown } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import type { Estimate } from '../../shared/ticket/estimate';

export function EstimateTable({ figures, market }: { figures: Estimate; market: Market }) {
  return (
    <dl className="estimate">
      <Row name="Cost" value={figures.cost} unit={market.quote} />
      <Row
        name="Fee at most"
        value={figures.fee}
        unit={figures.feeCurrency}
        none={figures.feeComes ? '…' : '–'}
      />
      <Row name="Will be reserved" value={figures.reserved} unit={figures.reservedCurrency} />
    </dl>
  );
}

interface RowProps {
  name: string;
  value: string | null;
  unit: string;
  none?: string;
}

function Row({ name, value, unit, none = '–' }: RowProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value === null ? none : `${shown(value, 8)} ${unit}`}</dd>
    </div>
  );
}
