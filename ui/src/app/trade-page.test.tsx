import { act, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { BTCUSDT, FakeWorld } from '../shared/testing/fake-partners';
import { TradePage } from './trade-page';

vi.mock('../features/candles/candle-chart', () => ({ CandleChart: () => 'candles' }));
vi.mock('../features/depth-chart/depth-chart', () => ({ DepthChart: () => 'depth' }));
vi.mock('../features/ladder/ladder', () => ({ Ladder: () => 'ladder' }));
vi.mock('../features/trades/trade-tape', () => ({ TradeTape: () => 'tape' }));
vi.mock('../features/order-book/order-book', () => ({ OrderBook: () => 'book' }));
vi.mock('../features/order-ticket/order-ticket', () => ({ OrderTicket: () => 'ticket' }));
vi.mock('../features/orders/orders-panel', () => ({ OrdersPanel: () => 'orders' }));
vi.mock('../features/balances/balances-panel', () => ({ BalancesPanel: () => 'balances' }));

const PANELS = ['balances', 'book', 'candles', 'depth', 'ladder', 'orders', 'tape', 'ticket'];

afterEach(() => vi.unstubAllGlobals());

function windowThatIs(isNarrow: boolean) {
  const query = Object.assign(new EventTarget(), { matches: isNarrow });
  vi.stubGlobal('matchMedia', () => query);
  return (narrow: boolean) => {
    query.matches = narrow;
    query.dispatchEvent(new Event('change'));
  };
}

function shownPanels(): string[] {
  return PANELS.filter((name) => screen.queryByText(name) !== null);
}

test('every panel is there in a wide and in a narrow window, also after a turn of the phone', () => {
  const become = windowThatIs(false);
  const { container } = render(<TradePage market={BTCUSDT} />, { wrapper: new FakeWorld().Around });
  expect(shownPanels()).toEqual(PANELS);
  expect(screen.getAllByRole('separator').length).toBeGreaterThan(0);
  act(() => become(true));
  expect(shownPanels()).toEqual(PANELS);
  expect(screen.queryByRole('separator')).toBeNull();
  expect(container.querySelectorAll('.stack > .stacked')).toHaveLength(PANELS.length);
  act(() => become(false));
  expect(container.querySelector('.stack')).toBeNull();
});
