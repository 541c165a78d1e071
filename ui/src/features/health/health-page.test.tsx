import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HealthPage } from './health-page';
import { POLL_INTERVAL_MS, STALE_AFTER_MS } from './health-watch';

const MYSQL = { name: 'mysql', status: 'ok', latency_ms: 1.24, detail: null };
const KAFKA = { name: 'kafka', status: 'ok', latency_ms: 12, detail: null };
const KAFKA_DOWN = { ...KAFKA, status: 'down', latency_ms: null, detail: 'no broker answers' };
const HEALTHY = {
  status: 'ok',
  version: '1.2.3',
  time: '2026-01-02T03:04:05Z',
  components: [MYSQL, KAFKA],
  temporal_ui: 'http://127.0.0.1:8233',
};
const DEGRADED = { ...HEALTHY, status: 'degraded', components: [MYSQL, KAFKA_DOWN] };

const fakeFetch = vi.fn<typeof fetch>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', fakeFetch);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  fakeFetch.mockReset();
});

function gatewayAnswers(body: unknown, status = 200) {
  fakeFetch.mockImplementation(async () => new Response(JSON.stringify(body), { status }));
}

function gatewayIsGone() {
  fakeFetch.mockRejectedValue(new TypeError('Failed to fetch'));
}

async function pass(ms: number) {
  await act(() => vi.advanceTimersByTimeAsync(ms));
}

async function openPage() {
  const shown = render(
    <QueryClientProvider client={new QueryClient()}>
      <HealthPage />
    </QueryClientProvider>,
  );
  await pass(50);
  return shown;
}

function announcement() {
  return screen.getByRole('status').textContent;
}

function row(name: RegExp) {
  return within(screen.getByRole('row', { name }));
}

it('shows every component with its status in words and its latency', async () => {
  gatewayAnswers(HEALTHY);
  await openPage();
  expect(announcement()).toBe('Platform is up2 of 2 components up.');
  expect(document.title).toBe('Platform is up · TradeFlow');
  expect(row(/MySQL/).getByText('OK')).toBeDefined();
  expect(row(/MySQL/).getByText('1.2 ms')).toBeDefined();
  expect(screen.getByText('version 1.2.3')).toBeDefined();
});

it('announces a component that goes down, with its detail in the table', async () => {
  gatewayAnswers(HEALTHY);
  await openPage();
  gatewayAnswers(DEGRADED);
  await pass(POLL_INTERVAL_MS);
  expect(announcement()).toBe('Platform is degraded1 of 2 components down: Kafka.');
  expect(row(/Kafka/).getByText('Down')).toBeDefined();
  expect(row(/Kafka/).getByText('no broker answers')).toBeDefined();
  expect(row(/Kafka/).getByText('not measured')).toBeDefined();
});

it('reads the report of a platform that says it is down with a 503', async () => {
  gatewayAnswers({ ...DEGRADED, status: 'down' }, 503);
  await openPage();
  expect(announcement()).toMatch('Platform is down');
});

it('keeps the last report as past when the gateway is gone, and says since when', async () => {
  gatewayAnswers(HEALTHY);
  await openPage();
  gatewayIsGone();
  await pass(POLL_INTERVAL_MS);
  await pass(3 * POLL_INTERVAL_MS);
  expect(announcement()).toMatch('Gateway unreachable');
  expect(screen.getByText('Unreachable since').nextSibling?.textContent).toMatch(/6 s ago$/);
  expect(screen.getByText('Last update').nextSibling?.textContent).toMatch(/8 s ago$/);
  expect(row(/MySQL/).getByText('was OK')).toBeDefined();
  expect(screen.getByRole('table').dataset.stale).toBe('true');
});

it('does not announce anything new while an outage lasts', async () => {
  gatewayIsGone();
  await openPage();
  const before = announcement();
  const seen = vi.fn();
  const observer = new MutationObserver(seen);
  observer.observe(screen.getByRole('status'), {
    childList: true,
    characterData: true,
    subtree: true,
  });
  await pass(3 * POLL_INTERVAL_MS);
  observer.disconnect();
  expect(fakeFetch.mock.calls.length).toBeGreaterThanOrEqual(4);
  expect(announcement()).toBe(before);
  expect(seen).not.toHaveBeenCalled();
});

it('comes back by itself', async () => {
  gatewayIsGone();
  await openPage();
  expect(screen.queryByRole('table')).toBeNull();
  gatewayAnswers(HEALTHY);
  await pass(POLL_INTERVAL_MS);
  expect(announcement()).toMatch('Platform is up');
  expect(screen.getByRole('table').dataset.stale).toBe('false');
  expect(screen.queryByText('Unreachable since')).toBeNull();
});

it('calls a bad gateway unreachable', async () => {
  gatewayAnswers('nobody behind the proxy', 502);
  await openPage();
  expect(announcement()).toBe('Gateway unreachableGET /v1/health answered HTTP 502.');
});

it('tells a gateway that answers nonsense from one that is gone', async () => {
  gatewayAnswers({ hello: 'world' });
  await openPage();
  expect(announcement()).toMatch('No health report');
  expect(announcement()).toMatch('components is not a list');
});

it('marks a report as old when no poll comes to its end', async () => {
  gatewayAnswers(HEALTHY);
  await openPage();
  fakeFetch.mockReturnValue(new Promise(() => {}));
  await pass(STALE_AFTER_MS + 2_000);
  expect(announcement()).toMatch('Report is old');
  expect(row(/MySQL/).getByText('was OK')).toBeDefined();
});

it('links to the API docs, and to Temporal only where the address is a web address', async () => {
  gatewayAnswers(HEALTHY);
  await openPage();
  expect(screen.getByRole('link', { name: 'API docs' }).getAttribute('href')).toBe('/docs');
  const temporal = screen.getByRole('link', { name: 'Temporal web UI' });
  expect(temporal.getAttribute('href')).toBe('http://127.0.0.1:8233/');
  gatewayAnswers({ ...HEALTHY, temporal_ui: 'javascript:alert(1)' });
  await pass(POLL_INTERVAL_MS);
  expect(screen.queryByRole('link', { name: 'Temporal web UI' })).toBeNull();
});

it('names the page by its state, and gives the title back when one leaves', async () => {
  document.title = 'TradeFlow';
  gatewayAnswers(HEALTHY);
  const { unmount } = await openPage();
  expect(document.title).toMatch(/ · TradeFlow$/);
  unmount();
  expect(document.title).toBe('TradeFlow');
});
