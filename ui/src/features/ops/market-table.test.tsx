import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { MarketTable } from './market-table';

const HALTED = { ...BTCUSDT, symbol: 'ETHUSDT', status: 'HALT' };
const BROKEN = { ...BTCUSDT, symbol: 'BENCHUSDT', status: 'BREAK' };
const HALT = 'POST /v1/markets/BTCUSDT/halt';

function show(): FakeWorld {
  const world = new FakeWorld({
    'GET /api/v3/ticker/price': [{ symbol: 'BTCUSDT', price: '60000.00000000' }],
    'GET /v1/markets/bands': [],
    [HALT]: {},
    'POST /v1/markets/ETHUSDT/resume': {},
  });
  render(<MarketTable markets={[BTCUSDT, HALTED, BROKEN]} />, { wrapper: world.Around });
  return world;
}

const row = (name: RegExp) => within(screen.getByRole('row', { name }));
const button = (market: RegExp, name: string): HTMLButtonElement =>
  row(market).getByRole('button', { name });

test('only what makes sense can be done', () => {
  show();
  expect(button(/BTCUSDT/, 'Halt').disabled).toBe(false);
  expect(button(/BTCUSDT/, 'Resume').disabled).toBe(true);
  expect(button(/ETHUSDT/, 'Halt').disabled).toBe(true);
  expect(button(/ETHUSDT/, 'Resume').disabled).toBe(false);
  expect(button(/ETHUSDT/, 'Band').disabled).toBe(false);
  expect(button(/BENCHUSDT/, 'Band').disabled).toBe(true);
});

test('bands are shown in prices and in per cent', async () => {
  show();
  await waitFor(() => row(/BTCUSDT/).getByText(/12,000\.00 to 66,000\.00/));
  expect(row(/BTCUSDT/).getByText('−80 % to +10 %')).toBeTruthy();
});

test('a halt asks first, sends the reason that ops typed, and gives the focus back', async () => {
  const world = show();
  button(/BTCUSDT/, 'Halt').focus();
  fireEvent.click(button(/BTCUSDT/, 'Halt'));
  expect(world.sent(HALT)).toEqual([]);
  const dialog = within(screen.getByRole('dialog', { name: 'Halt BTCUSDT?' }));
  const reason = dialog.getByLabelText<HTMLInputElement>('Reason');
  expect(reason.required).toBe(true);
  fireEvent.change(reason, { target: { value: ' a bad feed ' } });
  fireEvent.click(dialog.getByRole('button', { name: 'Halt BTCUSDT' }));
  await waitFor(() => expect(world.sent(HALT)).toHaveLength(1));
  const halted = world.asked.find(({ what }) => what === HALT);
  expect(halted?.body).toEqual({ reason: 'a bad feed' });
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(document.activeElement).toBe(button(/BTCUSDT/, 'Halt'));
});

test('a halt that is cancelled sends nothing', () => {
  const world = show();
  fireEvent.click(button(/BTCUSDT/, 'Halt'));
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(world.sent(HALT)).toEqual([]);
});
