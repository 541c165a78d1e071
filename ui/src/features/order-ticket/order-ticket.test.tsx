import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { useTicket } from '../../shared/ticket/ticket-store';
import { OrderTicket } from './order-ticket';

const BALANCES = [
  { currency: 'BTC', available: '1.00000000', reserved: '0.00000000' },
  { currency: 'USDT', available: '1000.00000000', reserved: '0.00000000' },
];
const PLACED = {
  orderId: 7,
  clientOrderId: 'c',
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '50000.01000000',
  origQty: '0.01000000',
  executedQty: '0.00000000',
  cummulativeQuoteQty: '0.00000000',
  status: 'NEW',
  transactTime: 1,
};
let world: FakeWorld;

beforeEach(async () => {
  useTicket.setState({ sending: [], side: 'BUY' });
  world = new FakeWorld({
    'GET /v1/balances': BALANCES,
    'GET /api/v3/account/commission': { standardCommission: { taker: '0.00100000' } },
    'GET /api/v3/referencePrice': { referencePrice: '50000.00000000' },
    'POST /api/v3/order': PLACED,
  });
  render(<OrderTicket market={BTCUSDT} />, { wrapper: world.Around });
  await waitFor(() => expect(world.waiting()).toBe(0));
});

const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const write = (label: string, value: string) =>
  fireEvent.change(field(label), { target: { value } });

async function fill(price: string, quantity: string) {
  write('Price', price);
  write('Quantity', quantity);
  await waitFor(() => expect(button('Buy BTC').disabled).toBe(false));
}

test('the arrows move a price by a tick, with Shift by ten, a quantity by a lot', () => {
  write('Price', '50000');
  fireEvent.keyDown(field('Price'), { key: 'ArrowUp' });
  expect(field('Price').value).toBe('50000.01');
  fireEvent.keyDown(field('Price'), { key: 'ArrowDown', shiftKey: true });
  expect(field('Price').value).toBe('49999.91');
  fireEvent.keyDown(field('Quantity'), { key: 'ArrowUp' });
  expect(field('Quantity').value).toBe('0.00001');
});

test('what is no amount cannot be typed', () => {
  write('Price', '12a');
  expect(field('Price').value).toBe('');
});

test('the ticket waits while prices are not live, and goes on by itself', async () => {
  await fill('50000', '0.01');
  act(() => world.become('stale'));
  expect(button('Buy BTC').disabled).toBe(true);
  expect(screen.getByText('Prices are not live: the ticket waits.')).toBeTruthy();
  fireEvent.submit(button('Buy BTC'));
  expect(world.sent('POST /api/v3/order')).toEqual([]);
  act(() => world.become('live'));
  expect(button('Buy BTC').disabled).toBe(false);
});

test('what is sent is what stands there, with an id of its own', async () => {
  await fill('50000.01', '0.01');
  fireEvent.click(button('Buy BTC'));
  await waitFor(() => expect(world.sent('POST /api/v3/order')).toHaveLength(1));
  expect(world.sent('POST /api/v3/order')[0]).toMatchObject({
    symbol: 'BTCUSDT',
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    price: '50000.01',
    quantity: '0.01',
    newClientOrderId: expect.stringMatching(/^ui-[0-9a-f]{24}$/),
  });
});

test('a double click is one order, and the next one may follow', async () => {
  await fill('50000', '0.01');
  fireEvent.click(button('Buy BTC'));
  fireEvent.click(button('Buy BTC'));
  await waitFor(() => expect(button('Buy BTC').getAttribute('aria-disabled')).toBe('true'));
  fireEvent.submit(button('Buy BTC'));
  await waitFor(() => expect(button('Buy BTC').getAttribute('aria-disabled')).toBe('false'));
  expect(world.sent('POST /api/v3/order')).toHaveLength(1);
  fireEvent.click(button('Buy BTC'));
  await waitFor(() => expect(world.sent('POST /api/v3/order')).toHaveLength(2));
});

test('an Enter that is held submits no more than one that is pressed', async () => {
  expect(fireEvent.keyDown(field('Quantity'), { key: 'Enter' })).toBe(true);
  expect(fireEvent.keyDown(field('Quantity'), { key: 'Enter', repeat: true })).toBe(false);
  expect(fireEvent.keyDown(button('Buy BTC'), { key: 'Enter', repeat: true })).toBe(false);
});

test('more than there is cannot be sent, from either side', async () => {
  await fill('50000', '0.01');
  write('Quantity', '0.03');
  expect(screen.getByText('Not enough USDT: 1,000.00000000 available.')).toBeTruthy();
  expect(button('Buy BTC').disabled).toBe(true);
  fireEvent.click(screen.getByLabelText('Sell'));
  expect(button('Sell BTC').disabled).toBe(false);
});

test("the order types are the market's, each with its own fields", () => {
  const types = [...screen.getByLabelText<HTMLSelectElement>('Order type').options];
  expect(types.map(({ text }) => text)).toEqual(['Limit', 'Market', 'Stop loss limit']);
  const fields = () =>
    ['Stop price', 'Price', 'Time in force'].filter((label) => screen.queryByLabelText(label));
  const choose = (type: string) =>
    fireEvent.change(screen.getByLabelText('Order type'), { target: { value: type } });
  expect(fields()).toEqual(['Price', 'Time in force']);
  choose('MARKET');
  expect(fields()).toEqual([]);
  choose('STOP_LOSS_LIMIT');
  expect(fields()).toEqual(['Stop price', 'Price', 'Time in force']);
});

test('the band is measured from the reference price, and from the last price once it moves', async () => {
  await fill('50000', '0.001');
  write('Price', '55000.01');
  expect(screen.getByText(/must be 10,000.00 to 55,000.00/)).toBeTruthy();
  act(() => world.tick('50000.01'));
  await waitFor(() => expect(button('Buy BTC').disabled).toBe(false));
});

test('a fee whose rate is not known is to come, not nothing', async () => {
  const fee = () => screen.getByText('Fee at most').nextElementSibling?.textContent;
  expect(fee()).toBe('–');
  await fill('50000', '0.01');
  expect(fee()).toBe('0.00001000 BTC');
  cleanup();
  world = new FakeWorld({ 'GET /v1/balances': BALANCES });
  render(<OrderTicket market={BTCUSDT} />, { wrapper: world.Around });
  await fill('50000', '0.01');
  expect(fee()).toBe('…');
});

test('a share of the funds fills the quantity, by mouse or by keyboard, and sends nothing', async () => {
  expect(screen.getByText('USDT available').nextElementSibling?.textContent).toBe('1,000.00000000');
  write('Price', '');
  expect(button('50 %').disabled).toBe(true);
  write('Price', '50000');
  expect(button('50 %').tabIndex).toBe(0);
  fireEvent.click(button('50 %'));
  expect(field('Quantity').value).toBe('0.01000');
  fireEvent.click(screen.getByLabelText('Sell'));
  fireEvent.click(button('100 %'));
  expect(field('Quantity').value).toBe('1.00000');
  expect(world.sent('POST /api/v3/order')).toEqual([]);
});
