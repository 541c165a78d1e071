import { act, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeWorld } from '../../shared/testing/fake-partners';
import { LiveBadge } from './live-badge';

test('the badge shows how old live data are, and announces its state alone', () => {
  const world = new FakeWorld();
  render(<LiveBadge />, { wrapper: world.Around });
  const said = () => screen.getByRole('status').textContent;
  const shown = () => screen.getByRole('status').parentElement?.textContent;
  act(() => world.become('live', 41.7));
  expect(shown()).toBe('● Live 42 ms');
  expect(said()).toBe('Live');
  act(() => world.become('stale', 41.7));
  expect(said()).toBe('Stale');
  act(() => world.become('offline', 41.7));
  expect(said()).toBe('Offline');
});
