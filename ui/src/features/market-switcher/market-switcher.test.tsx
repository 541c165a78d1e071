import { render, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { MarketSwitcher } from './market-switcher';

const TICKER = {
  symbol: 'BTCUSDT',
  lastPrice: '101.00000000',
  openPrice: '100.00000000',
  highPrice: '61234.50000000',
  lowPrice: '99.00000000',
  volume: '1234.50000000',
  quoteVolume: '7.00000000',
};
const ETHBTC = { ...BTCUSDT, symbol: 'ETHBTC', base: 'ETH', quote: 'BTC', status: 'HALT' };

test('the chosen market shows its day, and is brought into sight', async () => {
  const scroll = vi.spyOn(HTMLElement.prototype, 'scrollIntoView');
  const world = new FakeWorld({ 'GET /api/v3/ticker/24hr': [TICKER] });
  render(<MarketSwitcher markets={[ETHBTC, BTCUSDT]} chosen={BTCUSDT} />, {
    wrapper: world.Around,
  });
  await waitFor(() => expect(screen.getByText('61,234.50')).toBeTruthy());
  const figures = screen.getAllByRole('definition').map((figure) => figure.textContent);
  expect(figures).toEqual(['61,234.50', '99.00', '1,234.50', '7.00']);
  expect(scroll.mock.contexts).toEqual([screen.getByRole('link', { current: 'page' })]);
  const links = within(screen.getByRole('navigation', { name: 'Markets' })).getAllByRole('link');
  expect(links.map((link) => link.textContent)).toEqual(['ETH/BTCHALT––', 'BTC/USDT101.00+1.00 %']);
});
