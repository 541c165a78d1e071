import { act, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeWorld } from '../../shared/testing/fake-partners';
import { SagaStory } from './saga-story';

const LEG = {
  order_id: 6,
  workflow_id: 'order-list:1:either-or',
  state: 'MATCHING_SUBMITTED',
  status: 'OPEN',
  steps: [],
};

async function shownTo(role: string): Promise<HTMLAnchorElement | null> {
  const world = new FakeWorld({ 'GET /v1/orders/7/saga': LEG }, role);
  render(<SagaStory orderId={7} temporalUi="http://127.0.0.1:8233" />, { wrapper: world.Around });
  await act(() => world.logIn('olga'));
  await screen.findByRole('list', { name: 'Saga of order 7' });
  return screen.queryByRole<HTMLAnchorElement>('link', { name: 'The workflow in Temporal' });
}

test('ops are led to the workflow that drives the order, be it its list', async () => {
  const link = await shownTo('ops');
  const query = new URL(link?.href ?? '').searchParams.get('query');
  expect(query).toBe('WorkflowId = "order-list:1:either-or"');
});

test('a trader has no way into Temporal', async () => {
  expect(await shownTo('trader')).toBeNull();
});
