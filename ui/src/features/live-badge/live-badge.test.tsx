import { act, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeWorld } from '../../shared/testing/fake-partners';
import { LiveBadge } from './live-badge';

test('the badge says how old live data are, and that they are not live, in words', () => {
  const world = new FakeWorld();
  render(<LiveBadge />, { wrapper: world.Around });
  const said = () => screen.getByRole('status').textContent?.replace(/^\S+ /, '');
  act(() => world.become('live', 41.7));
  expect(said()).toBe('Live 42 ms');
  act(() => world.become('stale', 41.7));
  expect(said()).toBe('Stale');
  act(() => world.become('offline', 41.7));
  expect(said()).toBe('Offline');
});
