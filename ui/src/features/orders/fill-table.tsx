/** One's own executions; a row opens to the saga of its order. */

import { useMemo } from 'react';
import { shown, trimmed } from '../../shared/amounts/amounts';
import type { Market } from '../../shared/markets/markets';
import { dateClockText } from '../../shared/time-text';
import { Loaded } from '../../shared/view/loaded';
import { LongTable } from '../../shared/view/long-table';
import type { Column } from '../../shared/view/use-texts';
import { fillKey, type MyFill, useFills } from './get-history';
import { SagaStory } from './saga-story';

interface FillTableProps {
  market: Market;
  temporalUi: string | null;
}

export function FillTable({ market, temporalUi }: FillTableProps) {
  const asked = useFills(market.symbol);
  const columns = useMemo(() => columnsOf(market), [market]);
  return (
    <Loaded asked={asked} none="Fills: none.">
      {(fills) => (
        <LongTable
          caption="Fills"
          columns={columns}
          rows={fills}
          keyOf={fillKey}
          more={({ orderId }) => <SagaStory orderId={orderId} temporalUi={temporalUi} />}
          older={{ ...asked.older, what: 'fills' }}
        />
      )}
    </Loaded>
  );
}

const sideOf = ({ isBuyer }: MyFill) => (isBuyer ? 'BUY' : 'SELL');

function columnsOf({ priceDecimals, quantityDecimals }: Market): Column<MyFill>[] {
  return [
    { name: 'Time', text: ({ time }) => dateClockText(time) },
    { name: 'Side', text: sideOf, className: sideOf },
    { name: 'Price', text: ({ price }) => shown(price, priceDecimals) },
    { name: 'Quantity', text: ({ qty }) => shown(qty, quantityDecimals) },
    { name: 'Fee', text: (fill) => `${trimmed(fill.commission)} ${fill.commissionAsset}` },
    { name: 'Role', text: ({ isMaker }) => (isMaker ? 'maker' : 'taker') },
  ];
}
