import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeWorld } from '../../shared/testing/fake-partners';
import { ApiKeysPage } from './api-keys-page';

const KEY = { api_key: 'abcdefghijklmnop', label: 'my bot', can_trade: true, created_at_ms: 1 };
const REVOKE = `DELETE /v1/api-keys/${KEY.api_key}`;

async function askToRevoke(): Promise<FakeWorld> {
  const world = new FakeWorld({ 'GET /v1/api-keys': [KEY], [REVOKE]: {} });
  render(<ApiKeysPage />, { wrapper: world.Around });
  fireEvent.click(await screen.findByRole('button', { name: 'Revoke' }));
  expect(screen.getByRole('dialog', { name: 'Revoke the key for my bot?' })).toBeTruthy();
  expect(world.sent(REVOKE)).toEqual([]);
  return world;
}

test('a key is revoked after one has said so twice', async () => {
  const world = await askToRevoke();
  fireEvent.click(screen.getByRole('button', { name: 'Revoke the key' }));
  await waitFor(() => expect(world.sent(REVOKE)).toHaveLength(1));
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('who cancels keeps the key', async () => {
  const world = await askToRevoke();
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(world.sent(REVOKE)).toEqual([]);
});

test('keys that could not be had are not none, and can be asked for again', async () => {
  const world = new FakeWorld();
  render(<ApiKeysPage />, { wrapper: world.Around });
  expect((await screen.findByText(/no GET/)).textContent).toContain('no GET /v1/api-keys');
  expect(screen.queryByText('No API keys.')).toBeNull();
  world.answers['GET /v1/api-keys'] = [];
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText('No API keys.')).toBeTruthy();
});
