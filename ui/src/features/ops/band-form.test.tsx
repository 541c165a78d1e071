import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { Toaster } from 'sonner';
import { expect, test } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { MarketTable } from './market-table';

const SET = 'PUT /v1/markets/BTCUSDT/band';
const RESTORE = 'DELETE /v1/markets/BTCUSDT/band';
const BID_BELOW = 'A bid: per cent below the last price';
const ASK_ABOVE = 'An ask: per cent above the last price';

const CONFIGURED = { bid_down: '0.2', bid_up: '1.15', ask_down: '0.9', ask_up: '5' };

function show(
  answers: Record<string, unknown> = { [SET]: {}, [RESTORE]: {} },
  set_by_operator = true,
): FakeWorld {
  const band = { symbol: 'BTCUSDT', holds: CONFIGURED, configured: CONFIGURED, set_by_operator };
  const world = new FakeWorld({
    'GET /v1/markets/bands': [band],
    'GET /api/v3/ticker/price': [{ symbol: 'BTCUSDT', price: '60000.00000000' }],
    ...answers,
  });
  render(
    <>
      <MarketTable markets={[BTCUSDT, { ...BTCUSDT, symbol: 'ETHUSDT' }]} />
      <Toaster />
    </>,
    { wrapper: world.Around },
  );
  fireEvent.click(opener());
  return world;
}

const opener = () =>
  within(screen.getByRole('row', { name: /^BTCUSDT/ })).getByRole('button', { name: 'Band' });
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label);
const type = (label: string, value: string) =>
  fireEvent.change(field(label), { target: { value } });
const click = (name: string, within_ = screen.getByRole('form')) =>
  fireEvent.click(within(within_).getByRole('button', { name }));
const confirm = (title: string, action: string) =>
  click(action, screen.getByRole('dialog', { name: title }));
const sent = (world: FakeWorld, what: string) =>
  world.asked.filter((each) => each.what === what).map(({ body }) => body);

test('the form begins as the band that holds, and with the focus', () => {
  show();
  expect(document.activeElement).toBe(field(BID_BELOW));
  expect(opener().getAttribute('aria-expanded')).toBe('true');
  expect(screen.getByRole('form', { name: 'Band of BTCUSDT' })).toBeTruthy();
  expect([BID_BELOW, ASK_ABOVE].map((label) => field(label).value)).toEqual(['80', '400']);
});

test('a band is asked about in per cent and prices, then sent as multipliers', async () => {
  const world = show();
  await waitFor(() => expect(world.waiting()).toBe(0));
  type(BID_BELOW, '2.5');
  type(ASK_ABOVE, '5');
  click('Set the band');
  const dialog = within(screen.getByRole('dialog', { name: 'Set the band of BTCUSDT?' }));
  expect(dialog.getByText(/A bid:/).textContent).toBe(
    'A bid: −2.5 % to +10 % 58,500.00 to 66,000.00 (now −80 % to +10 %)',
  );
  expect(sent(world, SET)).toEqual([]);
  confirm('Set the band of BTCUSDT?', 'Set the band of BTCUSDT');
  await waitFor(() =>
    expect(sent(world, SET)).toEqual([
      { bid_down: '0.975', bid_up: '1.1', ask_down: '0.9', ask_up: '1.05' },
    ]),
  );
  await screen.findByText('BTCUSDT: band set');
  await waitFor(() => expect(screen.queryByRole('form')).toBeNull());
  expect(document.activeElement).toBe(opener());
});

test('a figure that cannot be sent says why, and takes the focus instead', () => {
  const world = show();
  type(ASK_ABOVE, '0');
  const wrong = field(ASK_ABOVE);
  expect(wrong.getAttribute('aria-invalid')).toBe('true');
  const why = document.getElementById(wrong.getAttribute('aria-describedby') ?? '');
  expect(why?.textContent).toBe('It must be 0.1 to 9900 per cent.');
  click('Set the band');
  expect(document.activeElement).toBe(wrong);
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(sent(world, SET)).toEqual([]);
});

test('a question that is cancelled sends nothing and keeps what was typed', () => {
  const world = show();
  type(BID_BELOW, '2.5');
  click('Set the band');
  confirm('Set the band of BTCUSDT?', 'Cancel');
  expect(sent(world, SET)).toEqual([]);
  expect(field(BID_BELOW).value).toBe('2.5');
});

test('the configured band is restored after a question too', async () => {
  const world = show();
  await screen.findByRole('cell', { name: 'ops' });
  click('Restore the configured band');
  expect(screen.getByText(/^A bid: −/).textContent).toContain('−80 % to +15 % 12,000.00');
  expect(sent(world, RESTORE)).toEqual([]);
  confirm('Restore the configured band of BTCUSDT?', 'Restore the band of BTCUSDT');
  await screen.findByText('BTCUSDT: configured band restored');
  expect(sent(world, RESTORE)).toHaveLength(1);
  expect(sent(world, SET)).toEqual([]);
});

test('a configured band needs no restoring', async () => {
  show({}, false);
  await screen.findByRole('cell', { name: 'configuration' });
  const button = screen.getByRole<HTMLButtonElement>('button', {
    name: 'Restore the configured band',
  });
  expect(button.disabled).toBe(true);
});

test("the gateway's own words are shown, and the form stays", async () => {
  show({});
  click('Set the band');
  confirm('Set the band of BTCUSDT?', 'Set the band of BTCUSDT');
  await screen.findByText(`BTCUSDT: no ${SET}`);
  expect(field(BID_BELOW).value).toBe('80');
});

test('who closes the form before the answer is told of it all the same', async () => {
  let answer: (body: unknown) => void = () => undefined;
  const world = show({ [SET]: new Promise((resolve) => (answer = resolve)) });
  click('Set the band');
  confirm('Set the band of BTCUSDT?', 'Set the band of BTCUSDT');
  await waitFor(() => expect(sent(world, SET)).toHaveLength(1));
  click('Close');
  expect(screen.queryByRole('form')).toBeNull();
  answer({});
  await screen.findByText('BTCUSDT: band set');
});
