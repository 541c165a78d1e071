/** Candles with their volume. The chart is imperative: its data never go through React state. */

import {
  CandlestickSeries,
  createChart,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  TickMarkType,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Market } from '../../shared/markets/markets';
import { Panel } from '../../shared/view/panel';
import { Tabs } from '../../shared/view/tabs';
import { type Candle, INTERVALS, type Interval } from './candle';
import { candleText, type TickKind, tickText } from './chart-time';
import { useCandles } from './use-candles';
import './candles.css';

const TICK_KINDS: Record<TickMarkType, TickKind> = {
  [TickMarkType.Year]: 'Year',
  [TickMarkType.Month]: 'Month',
  [TickMarkType.DayOfMonth]: 'DayOfMonth',
  [TickMarkType.Time]: 'Time',
  [TickMarkType.TimeWithSeconds]: 'TimeWithSeconds',
};

interface Drawn {
  chart: IChartApi;
  prices: ISeriesApi<'Candlestick'>;
  volumes: ISeriesApi<'Histogram'>;
  newestS: number;
}

export function CandleChart({ market }: { market: Market }) {
  const [interval, setInterval] = useState<Interval>('1m');
  return (
    <Panel
      title={`${market.base}/${market.quote}`}
      className="candles"
      controls={
        <>
          <Tabs tabs={INTERVALS} chosen={interval} onChoose={setInterval} />
          <small className="chart-maker">
            Chart by{' '}
            <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
              TradingView
            </a>
          </small>
        </>
      }
    >
      {/* Another tick needs another chart; a halt does not. */}
      <Chart
        key={`${market.symbol} ${market.tick} ${interval}`}
        symbol={market.symbol}
        tick={market.tick}
        decimals={market.priceDecimals}
        interval={interval}
      />
    </Panel>
  );
}

interface ChartProps {
  symbol: string;
  tick: string;
  decimals: number;
  interval: Interval;
}

function Chart({ symbol, tick, decimals, interval }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const onNewest = useCallback((candle: Candle) => {
    const now = drawn.current;
    // An older candle than the last one cannot be drawn, and need not be.
    if (!now || candle.time < now.newestS) return;
    now.newestS = candle.time;
    now.prices.update(priceOf(candle));
    now.volumes.update(volumeOf(candle));
  }, []);
  const history = useCandles(symbol, interval, onNewest);

  useEffect(() => {
    if (!place.current) return;
    const made = draw(place.current, { tick, decimals, interval });
    drawn.current = made;
    return () => {
      drawn.current = null;
      made.chart.remove();
    };
  }, [tick, decimals, interval]);

  useEffect(() => {
    if (!history || !drawn.current) return;
    drawn.current.prices.setData(history.map(priceOf));
    drawn.current.volumes.setData(history.map(volumeOf));
    drawn.current.newestS = history.at(-1)?.time ?? 0;
  }, [history]);

  const last = history?.at(-1);
  return (
    <>
      <div ref={place} className="chart" aria-hidden="true" />
      <p className="unseen">
        {last
          ? `Last candle: open ${last.open}, high ${last.high}, low ${last.low}, close ${last.close}.`
          : 'No candles yet.'}
      </p>
    </>
  );
}

function draw(place: HTMLElement, { tick, decimals, interval }: Omit<ChartProps, 'symbol'>): Drawn {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const [up, down, line] = [colour('--bid'), colour('--ask'), colour('--line')];
  const chart = createChart(place, {
    autoSize: true,
    layout: {
      background: { color: colour('--surface') },
      textColor: colour('--text-quiet'),
      // The link to its makers stands in the panel's head, where a keyboard reaches it.
      attributionLogo: false,
    },
    localization: { timeFormatter: (time: Time) => candleText(Number(time), interval) },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    timeScale: {
      timeVisible: true,
      borderColor: line,
      rightOffset: 3,
      barSpacing: 8,
      tickMarkFormatter: (time: Time, kind: TickMarkType) =>
        tickText(Number(time), TICK_KINDS[kind], interval),
    },
    rightPriceScale: { borderColor: line },
  });
  const minMove = Number(tick);
  const prices = chart.addSeries(CandlestickSeries, {
    upColor: up,
    downColor: down,
    wickUpColor: up,
    wickDownColor: down,
    borderVisible: false,
    priceFormat: { type: 'price', precision: decimals, minMove },
  });
  const volumes = chart.addSeries(HistogramSeries, {
    priceFormat: { type: 'volume' },
    priceScaleId: '',
    color: colour('--line'),
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volumes.priceScale().applyOptions({ scaleMargins: { top: 0.85, bottom: 0 } });
  return { chart, prices, volumes, newestS: 0 };
}

function priceOf({ time, open, high, low, close }: Candle) {
  return { time: time as UTCTimestamp, open, high, low, close };
}

function volumeOf({ time, volume }: Candle) {
  return { time: time as UTCTimestamp, value: volume };
}
