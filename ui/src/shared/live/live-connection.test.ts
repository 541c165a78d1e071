import { Client, type IFrame, type IMessage, type StompConfig } from '@stomp/stompjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Session } from '../session/session';
import { LiveConnection, type LiveMessage, PULSE, STALE_AFTER_MS } from './live-connection';

const TRADES = '/topic/trades/BTCUSDT';
let nowMs: number;

/** A client whose broker is the test. */
class FakeClient extends Client {
  isOpen = false;
  subscribed = new Map<string, (message: IMessage) => void>();
  asked: string[] = [];
  published: object[] = [];

  override get connected(): boolean {
    return this.isOpen;
  }

  override get active(): boolean {
    return true;
  }

  override configure(config: StompConfig): void {
    Object.assign(this, config);
  }

  override activate(): void {}

  override deactivate(): Promise<void> {
    return Promise.resolve();
  }

  override forceDisconnect(): void {
    this.drop();
  }

  override subscribe(destination: string, callback: (message: IMessage) => void) {
    this.asked.push(destination);
    this.subscribed.set(destination, callback);
    return { id: destination, unsubscribe: () => this.unsubscribe(destination) };
  }

  override publish(frame: object): void {
    this.published.push(frame);
  }

  override unsubscribe(id: string): void {
    this.subscribed.delete(id);
  }

  async open(): Promise<void> {
    await this.beforeConnect(this);
    this.isOpen = true;
    this.onConnect({} as IFrame);
  }

  drop(): void {
    this.isOpen = false;
    this.subscribed.clear();
    this.onWebSocketClose({} as CloseEvent);
  }

  pulse(sentMs = nowMs): void {
    this.message(PULSE, { e: 'pulse', E: sentMs });
  }

  message(destination: string, body: object, headers: Record<string, string> = {}): void {
    this.subscribed.get(destination)?.({ body: JSON.stringify(body), headers } as IMessage);
  }
}

function connection() {
  const client = new FakeClient();
  const session = new Session(sessionStorage);
  return { client, session, made: new LiveConnection('ws://x', session, client, () => nowMs) };
}

function collector() {
  const seen: LiveMessage[] = [];
  return { seen, handler: (message: LiveMessage) => seen.push(message) };
}

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  nowMs = 1_000_000;
});

afterEach(() => {
  vi.useRealTimers();
});

test('what is asked for before the connection is subscribed when it is there, and again later', async () => {
  const { client, made } = connection();
  const { seen, handler } = collector();
  made.subscribe(TRADES, handler);
  expect(client.asked).toEqual([]);
  await client.open();
  client.drop();
  await client.open();
  expect(client.asked).toEqual([TRADES, PULSE, TRADES, PULSE]);
  client.message(TRADES, { t: 1 });
  expect(seen).toEqual([{ body: { t: 1 }, snapshot: false }]);
});

test('a second handler gets a snapshot of its own, and the last to leave ends it', async () => {
  const { client, made } = connection();
  await client.open();
  const [one, two] = [collector(), collector()];
  const leaveOne = made.subscribe(TRADES, one.handler);
  const leaveTwo = made.subscribe(TRADES, two.handler);
  client.message(TRADES, {}, { type: 'snapshot' });
  expect([one.seen, two.seen]).toEqual([
    [{ body: {}, snapshot: true }],
    [{ body: {}, snapshot: true }],
  ]);
  leaveOne();
  expect(client.subscribed.has(TRADES)).toBe(true);
  leaveTwo();
  expect(client.subscribed.has(TRADES)).toBe(false);
});

test('prices are live while pulses come; what else comes proves nothing', async () => {
  const { client, made } = connection();
  const states: string[] = [];
  made.listen(() => states.push(made.status().state));
  made.subscribe(TRADES, () => undefined);
  made.start();
  await client.open();
  client.message(TRADES, { E: nowMs });
  expect(made.status().state).toBe('connecting');
  client.pulse();
  nowMs += STALE_AFTER_MS + 1;
  client.onHeartbeatReceived();
  client.message(TRADES, { E: nowMs });
  vi.advanceTimersByTime(1_000);
  client.pulse();
  client.drop();
  await made.stop();
  expect(states).toEqual(['live', 'stale', 'live', 'offline']);
});

test('a connection without any pulse is stale after a while', async () => {
  const { client, made } = connection();
  made.start();
  await client.open();
  nowMs += STALE_AFTER_MS + 1;
  vi.advanceTimersByTime(1_000);
  expect(made.status()).toEqual({ state: 'stale', delayMs: null });
  await made.stop();
});

test('after a drop nothing is live before the first pulse', async () => {
  const { client, made } = connection();
  await client.open();
  client.pulse();
  client.drop();
  await client.open();
  expect(made.status().state).toBe('connecting');
  client.pulse();
  expect(made.status().state).toBe('live');
});

test('the delay is what pulses have on their clock, never less than nothing', async () => {
  const { client, made } = connection();
  await client.open();
  client.pulse(nowMs - 40);
  expect(made.status().delayMs).toBe(40);
  client.pulse(nowMs + 40);
  expect(made.status().delayMs).toBe(32);
});

test('the gateway is shown each newer token, while there is a connection', async () => {
  const { client, session } = connection();
  let tell: (token: string) => void = () => undefined;
  vi.spyOn(session, 'onRenewal').mockImplementation((listener) => {
    tell = listener;
    return () => undefined;
  });
  new LiveConnection('ws://x', session, client, () => nowMs);
  tell('t1');
  await client.open();
  tell('t2');
  expect(client.published).toEqual([
    { destination: '/user/token', headers: { Authorization: 'Bearer t2' } },
  ]);
});

test('the token goes into the CONNECT frame, and one that is refused is not brought again', async () => {
  const { client, session } = connection();
  vi.spyOn(session, 'token').mockResolvedValue('t1');
  const distrust = vi.spyOn(session, 'distrust');
  await client.open();
  expect(client.connectHeaders).toEqual({ Authorization: 'Bearer t1', merge: '200' });
  client.onStompError({ headers: { message: 'The token has expired.' } } as unknown as IFrame);
  expect(distrust).toHaveBeenCalledWith('t1');
});

test('without a login the connection is anonymous, also where renewing fails', async () => {
  const { client, session } = connection();
  vi.spyOn(session, 'token').mockRejectedValue(new Error('away'));
  await client.open();
  expect(client.connectHeaders).toEqual({ merge: '200' });
});
