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
import { clockText } from '../../shared/time-text';
import { Panel } from '../../shared/view/panel';
import { Tabs } from '../../shared/view/tabs';
import { type Candle, INTERVALS, type Interval } from './candle';
import { useCandles } from './use-candles';
import './candles.css';

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
    const made = draw(place.current, tick, decimals);
    drawn.current = made;
    return () => {
      drawn.current = null;
      made.chart.remove();
    };
  }, [tick, decimals]);

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

function draw(place: HTMLElement, tick: string, decimals: number): Drawn {
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
    localization: { timeFormatter: (time: Time) => localText(time) },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    timeScale: {
      timeVisible: true,
      borderColor: line,
      rightOffset: 3,
      barSpacing: 8,
      tickMarkFormatter: (time: Time, kind: TickMarkType) => tickText(time, kind),
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

/** Local time, as everywhere else on the page: the chart by itself would write UTC. */
function localText(time: Time): string {
  return new Date(Number(time) * 1_000).toLocaleString();
}

function tickText(time: Time, kind: TickMarkType): string {
  const at = new Date(Number(time) * 1_000);
  if (kind === TickMarkType.Time) return clockText(at.getTime()).slice(0, 5);
  if (kind === TickMarkType.TimeWithSeconds) return clockText(at.getTime());
  if (kind === TickMarkType.DayOfMonth) return String(at.getDate());
  return at.toLocaleDateString(
    undefined,
    kind === TickMarkType.Year ? { year: 'numeric' } : { month: 'short' },
  );
}
