import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { BTCUSDT, FakeWorld } from '../../shared/testing/fake-partners';
import { BalancesPanel } from './balances-panel';

const NO_MONEY = 'No money yet: take some from the faucet.';
const BTC = { currency: 'BTC', available: '1.00000000', reserved: '0.00000000' };
const LINE = {
  posting_id: 1,
  transfer_id: 't',
  currency: 'BTC',
  account: 'AVAILABLE',
  amount: '1.00000000',
  reference_type: 'DEPOSIT',
  reference_id: 'first',
  at_ms: new Date(2026, 0, 2, 9, 5, 7).getTime(),
};

function show(answers: Record<string, unknown>) {
  const world = new FakeWorld(answers);
  render(<BalancesPanel market={BTCUSDT} />, { wrapper: world.Around });
}

test('no money is said of those who have none, not of those whose balances are unknown', async () => {
  const answers: Record<string, unknown> = {};
  show(answers);
  expect(screen.getByText('Loading…')).toBeTruthy();
  await screen.findByRole('alert');
  expect(screen.queryByText(NO_MONEY)).toBeNull();
  answers['GET /v1/balances'] = [];
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText(NO_MONEY)).toBeTruthy();
});

test('a statement that was not to be had can be asked for again; its lines have their day', async () => {
  const answers: Record<string, unknown> = { 'GET /v1/balances': [BTC] };
  show(answers);
  fireEvent.click(await screen.findByRole('button', { name: 'BTC' }));
  expect((await screen.findByRole('alert')).textContent).toContain('no GET /v1/ledger');
  answers['GET /v1/ledger'] = [LINE];
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText('2026-01-02 09:05:07')).toBeTruthy();
  expect(screen.getByText('+1.00000000')).toBeTruthy();
});
