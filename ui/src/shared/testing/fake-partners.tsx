/** The page's partners for tests of components: real ones, but for the network below them. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Gateway } from '../api/request';
import { BookFeeds } from '../live/book-feeds';
import { commitSoon } from '../live/commit-clock';
import type { DepthSnapshot } from '../live/live-book';
import type { LiveConnection, LiveMessage, LiveState } from '../live/live-connection';
import { type Partners, PartnersProvider } from '../live/live-context';
import type { Market } from '../markets/markets';
import { Session } from '../session/session';

export const BTCUSDT: Market = {
  symbol: 'BTCUSDT',
  status: 'TRADING',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01000000',
  lot: '0.00001000',
  minPrice: '0.01000000',
  maxPrice: '1000000.00000000',
  minQuantity: '0.00001000',
  maxQuantity: '9000.00000000',
  marketLot: '0.00001000',
  marketMinQuantity: '0.00001000',
  marketMaxQuantity: '9000.00000000',
  minNotional: '5.00000000',
  maxNotional: '9000000.00000000',
  maxOrders: 200,
  maxConditionalOrders: 5,
  orderTypes: ['LIMIT', 'MARKET', 'STOP_LOSS_LIMIT'],
  bidBand: ['0.2', '1.1'],
  askBand: ['0.9', '5'],
  priceDecimals: 2,
  quantityDecimals: 5,
};

const tokensOf = (role: string) => ({
  access_token: `a.${btoa(JSON.stringify({ role }))}.s`,
  refresh_token: 'r',
  expires_in: 900,
});

export class FakeWorld {
  /**
   * "METHOD path" → the body that is answered, a promise of it, or what makes either of the query;
   * else the answer is 404.
   */
  readonly answers: Record<string, unknown>;
  /** What was asked: "METHOD path", the query, and the body where there is one. */
  readonly asked: Array<{ what: string; query: Record<string, string>; body?: unknown }> = [];
  private state: LiveState = 'live';
  private delayMs: number | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly handlers = new Map<string, (message: LiveMessage) => void>();
  private shown = { state: this.state, delayMs: this.delayMs };
  private readonly client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  private readonly partners: Partners;

  /** `role`: of whoever logs in. */
  constructor(answers: Record<string, unknown> = {}, role = 'trader') {
    this.answers = answers;
    const session = new Session(storageOf('alice'), async () => Response.json(tokensOf(role)));
    const live = {
      start: () => undefined,
      stop: async () => undefined,
      renew: () => undefined,
      status: () => this.shown,
      listen: (listener: () => void) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      subscribe: (destination: string, handler: (message: LiveMessage) => void) => {
        this.handlers.set(destination, handler);
        return () => this.handlers.delete(destination);
      },
    } as unknown as LiveConnection;
    const gateway = new Gateway(session, (path, init) => this.answer(String(path), init));
    this.partners = { session, gateway, live, books: new BookFeeds(live, commitSoon) };
  }

  readonly Around = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={this.client}>
      <PartnersProvider partners={this.partners}>{children}</PartnersProvider>
    </QueryClientProvider>
  );

  become(state: LiveState, delayMs: number | null = null): void {
    this.shown = { state, delayMs };
    for (const listener of this.listeners) listener();
  }

  /** What the gateway sends to a destination that somebody has subscribed to. */
  tell(destination: string, body: unknown): void {
    this.handlers.get(destination)?.({ body, snapshot: false });
  }

  /** How many questions are not answered yet. */
  waiting(): number {
    return this.client.isFetching();
  }

  /** The queries of all requests of that kind. */
  sent(what: string): Array<Record<string, string>> {
    return this.asked.filter((each) => each.what === what).map(({ query }) => query);
  }

  /** The whole book of a market that somebody looks at. */
  showBook(snapshot: DepthSnapshot, symbol = BTCUSDT.symbol): void {
    this.handlers.get(`/topic/orderbook/${symbol}`)?.({ body: snapshot, snapshot: true });
  }

  /** The last price of a market, as its ticker tells it. */
  tick(price: string, symbol = BTCUSDT.symbol): void {
    this.handlers.get(`/topic/ticker/${symbol}`)?.({ body: { c: price }, snapshot: false });
  }

  logIn(name: string): Promise<void> {
    return this.partners.session.logIn(name, 'any');
  }

  logOut(): Promise<void> {
    return this.partners.session.logOut();
  }

  private async answer(path: string, init: RequestInit | undefined): Promise<Response> {
    const url = new URL(path, 'http://gateway');
    const what = `${init?.method ?? 'GET'} ${url.pathname}`;
    const body = init?.body ? { body: JSON.parse(String(init.body)) } : {};
    const query = Object.fromEntries(url.searchParams);
    this.asked.push({ what, query, ...body });
    const answer = this.answers[what];
    if (typeof answer === 'function') return Response.json(await answer(query));
    if (what in this.answers) return Response.json(await answer);
    return Response.json({ code: -1000, msg: `no ${what}` }, { status: 404 });
  }
}

function storageOf(name: string): Storage {
  return {
    getItem: () => JSON.stringify({ refresh: 'r', name }),
    setItem: () => undefined,
    removeItem: () => undefined,
  } as unknown as Storage;
}
