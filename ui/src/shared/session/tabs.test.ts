import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Session } from './session';
import { otherTabs, type Renewed, type Tabs } from './tabs';

const EXPIRES_IN_S = 900;
const LATE_MS = (EXPIRES_IN_S - 60) * 1_000;
let nowMs: number;
let issued: number;
/** Refresh tokens that were given, in the order in which they came. */
let given: string[];
let hold: Promise<void> | null;

/** A gateway that gives two tabs a pair each where they come with one token at one moment. */
const gateway: typeof fetch = async (_, init) => {
  const form = init?.body as URLSearchParams;
  given.push(form.get('refresh_token') ?? '');
  issued += 1;
  const n = issued;
  await hold;
  return Response.json({
    access_token: `access${n}`,
    refresh_token: `refresh${n}`,
    token_type: 'bearer',
    expires_in: EXPIRES_IN_S,
  });
};

/** Tabs that hear one another when `deliver` is called. */
class Browser {
  private readonly listeners: Array<(renewed: Renewed) => void> = [];
  private waiting: Array<() => void> = [];

  tab(): Tabs {
    const mine = this.listeners.length;
    return {
      tell: (renewed) => {
        for (const [n, hear] of this.listeners.entries()) {
          if (n !== mine) this.waiting.push(() => hear(renewed));
        }
      },
      listen: (listener) => this.listeners.push(listener),
      heard: async () => this.deliver(),
    };
  }

  deliver(): void {
    const told = this.waiting;
    this.waiting = [];
    for (const hear of told) hear();
  }
}

function storage(): Storage {
  const held = new Map<string, string>();
  return {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => held.set(key, value),
    removeItem: (key: string) => held.delete(key),
  } as unknown as Storage;
}

/** A tab that has logged in, and one that was duplicated from it. */
async function duplicated() {
  const browser = new Browser();
  const kept = [storage(), storage()] as const;
  const first = new Session(kept[0], gateway, () => nowMs, browser.tab());
  await first.logIn('ada', 'secret');
  kept[1].setItem('tradeflow.session', kept[0].getItem('tradeflow.session') ?? '');
  const second = new Session(kept[1], gateway, () => nowMs, browser.tab());
  const refresh = () =>
    kept.map((it) => JSON.parse(it.getItem('tradeflow.session') ?? '{}').refresh);
  return { browser, first, second, refresh };
}

beforeEach(() => {
  nowMs = 0;
  issued = 0;
  given = [];
  hold = null;
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('a duplicate that renews gives its tokens to the tab that it came from', async () => {
  const { browser, first, second, refresh } = await duplicated();
  const renewed: string[] = [];
  first.onRenewal((access) => renewed.push(access));
  expect(await second.token()).toBe('access2');
  browser.deliver();
  expect(renewed).toEqual(['access2']);
  expect(refresh()).toEqual(['refresh2', 'refresh2']);
  nowMs = LATE_MS;
  expect(await first.token()).toBe('access3');
  browser.deliver();
  expect(await second.token()).toBe('access3');
  expect(given).toEqual(['', 'refresh1', 'refresh2']); // none of them twice
});

test('two that renew at one moment go on with one of the two pairs', async () => {
  const { browser, first, second, refresh } = await duplicated();
  await second.token();
  browser.deliver();
  nowMs = LATE_MS;
  await Promise.all([first.token(), second.token()]);
  expect(refresh()).toEqual(['refresh3', 'refresh4']);
  browser.deliver();
  expect(refresh()).toEqual(['refresh3', 'refresh3']);
});

test('an answer that comes after what another tab has told is let go', async () => {
  const { browser, first, second, refresh } = await duplicated();
  let answer: () => void = () => undefined;
  hold = new Promise((resolve) => {
    answer = resolve;
  });
  nowMs = LATE_MS;
  const late = first.token();
  await vi.waitFor(() => expect(given).toHaveLength(2));
  hold = null;
  await second.token();
  browser.deliver();
  answer();
  await late;
  browser.deliver();
  expect(refresh()).toEqual(['refresh3', 'refresh3']);
  expect(await first.token()).toBe('access3');
});

test('a tab that has slept hears what was told before it renews', async () => {
  const { first, second } = await duplicated();
  await second.token();
  nowMs = LATE_MS;
  await second.token();
  expect(await first.token()).toBe('access3');
  expect(given).toEqual(['', 'refresh1', 'refresh2']);
});

test('what others tell of another session changes nothing', async () => {
  const { browser, first, refresh } = await duplicated();
  const stranger = browser.tab();
  stranger.tell({
    used: 'refresh0',
    tokens: { access_token: 'x', refresh_token: 'x', token_type: 'bearer', expires_in: 900 },
    expiresAtMs: LATE_MS,
  });
  browser.deliver();
  expect(await first.token()).toBe('access1');
  expect(refresh()).toEqual(['refresh1', 'refresh1']);
});

test('tabs of one browser hear one another; a browser without channels has one tab', async () => {
  const [one, other] = [otherTabs(), otherTabs()];
  const heard = new Promise<Renewed>((resolve) => other.listen(resolve));
  const renewed = { used: 'refresh1', tokens: { access_token: 'a' } } as Renewed;
  one.tell(renewed);
  expect(await heard).toEqual(renewed);
  vi.stubGlobal('BroadcastChannel', undefined);
  await expect(otherTabs().heard()).resolves.toBeUndefined();
});
