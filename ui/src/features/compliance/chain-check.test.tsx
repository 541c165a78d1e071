import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { Model } from '../../shared/api/answer';
import { FakeWorld } from '../../shared/testing/fake-partners';
import { ChainCheck } from './chain-check';

const PAGE: Model<'ChainCheck'> = {
  records: 0,
  ended: null,
  broken: null,
  next: null,
  without_hash: null,
};
const LOGINS = { source: 'identity.events:0', position: 700, hash: 'a'.repeat(64) };
const ORDERS = { source: 'orders.events:3', position: 800, hash: 'b'.repeat(64) };

function verify(pages: Model<'ChainCheck'>[]): FakeWorld {
  const left = [...pages];
  const world = new FakeWorld({
    get 'GET /v1/audit/verify'() {
      return left.shift();
    },
  });
  render(<ChainCheck />, { wrapper: world.Around });
  fireEvent.click(screen.getByRole('button', { name: 'Verify' }));
  return world;
}

test('the pages are followed to the end, and records and chains are counted', async () => {
  const world = verify([
    { ...PAGE, next: 'first' },
    { ...PAGE, records: 500, next: 'second' },
    { ...PAGE, records: 200, ended: LOGINS, next: 'third' },
    { ...PAGE, records: 800, ended: ORDERS, without_hash: 3 },
  ]);
  expect(await screen.findByText('✓ Intact: 1,500 records in 2 chains.')).toBeTruthy();
  expect(screen.getByText(/3 records without a hash/)).toBeTruthy();
  expect(screen.getByText(ORDERS.hash)).toBeTruthy();
  expect(world.sent('GET /v1/audit/verify')).toEqual([
    {},
    { after: 'first' },
    { after: 'second' },
    { after: 'third' },
  ]);
});

test('a break says where it is, what was expected there and what stands there', async () => {
  verify([
    { ...PAGE, records: 500, next: 'second' },
    {
      ...PAGE,
      records: 1,
      broken: {
        source: 'orders.events:3',
        position: 502,
        id: 'orders.events:3:40:1',
        what: 'hash',
        expected: 'c'.repeat(64),
        found: 'd'.repeat(64),
      },
    },
  ]);
  const told = await screen.findByText(/Broken/);
  expect(told.textContent).toBe(
    '✗ Broken: orders.events:3, position 502, after 501 records that hold.',
  );
  expect(screen.getByText('Its hash should be').nextSibling?.textContent).toBe('c'.repeat(64));
  expect(screen.getByText('It is').nextSibling?.textContent).toBe('d'.repeat(64));
  expect(screen.queryByText(/Intact/)).toBeNull();
});

test('a verification that fails says why, and claims nothing', async () => {
  render(<ChainCheck />, { wrapper: new FakeWorld().Around });
  fireEvent.click(screen.getByRole('button', { name: 'Verify' }));
  expect((await screen.findByRole('alert')).textContent).toContain('no GET /v1/audit/verify');
  expect(screen.queryByText(/Intact|Broken/)).toBeNull();
});
