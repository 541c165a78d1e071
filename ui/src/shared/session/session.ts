/**
 * Who is logged in. The access token stays in memory; the refresh token lives in the tab's
 * storage, so that a reload stays logged in and a closed tab does not.
 */

import type { Model } from '../api/answer';
import { ApiError, errorOf, noAnswer } from '../api/api-error';
import { NO_OTHER_TABS, type Renewed, type Tabs } from './tabs';

const STORAGE_KEY = 'tradeflow.session';
const TOKEN_PATH = '/v1/oauth/token';
/** Renewed this long before it expires, so that no request carries one that dies on the way. */
const RENEW_BEFORE_MS = 120_000;
const RENEW_AGAIN_MS = 5_000;
/** A request that hangs would let every other one wait for its token. */
const TIMEOUT_MS = 15_000;

export interface User {
  name: string;
  role: string;
}

interface Held {
  access: string;
  expiresAtMs: number;
}

/** `used` is the refresh token that was given for this one. */
type Kept = { refresh: string; name: string; used?: string };

export class Session {
  private held: Held | null = null;
  private kept: Kept | null;
  private renewal: Promise<string | null> | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly renewalListeners = new Set<(access: string) => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly storage: Storage;
  private readonly fetch: typeof fetch;
  private readonly now: () => number;
  private readonly tabs: Tabs;
  private current: User | null = null;

  constructor(
    storage: Storage = sessionStorage,
    send: typeof fetch = (...request) => fetch(...request),
    now: () => number = Date.now,
    tabs: Tabs = NO_OTHER_TABS,
  ) {
    this.storage = storage;
    this.fetch = send;
    this.now = now;
    this.tabs = tabs;
    tabs.listen((renewed) => this.hear(renewed));
    this.kept = readKept(storage);
    if (this.kept) this.current = { name: this.kept.name, role: 'trader' };
  }

  /** The user, null before a login. The role is known once a token has been had. */
  readonly user = (): User | null => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /**
   * Calls the listener with each newer token of the user who is logged in already. While somebody
   * listens, the token is renewed before it ends, whether a request needs it or not.
   */
  readonly onRenewal = (listener: (access: string) => void): (() => void) => {
    this.renewalListeners.add(listener);
    this.renewAhead();
    return () => {
      this.renewalListeners.delete(listener);
      if (!this.renewalListeners.size) clearTimeout(this.timer);
    };
  };

  /** Throws ApiError: a wrong name or password, too many failures. */
  async logIn(name: string, password: string): Promise<void> {
    const tokens = await this.grant({ grant_type: 'password', username: name, password });
    this.take(tokens, { refresh: tokens.refresh_token, name });
  }

  /** The tab forgets at once, whether or not the gateway can be told. */
  async logOut(): Promise<void> {
    const asked = this.token().catch(() => null);
    this.forget();
    const token = await asked;
    if (token === null) return;
    // The tab has forgotten already; the server forgets when its tokens expire.
    await this.fetch('/v1/logout', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    }).catch(() => undefined);
  }

  /**
   * An access token that will still hold when it arrives; null where nobody is logged in.
   * Throws ApiError where it cannot be renewed now, though it may be later.
   */
  async token(): Promise<string | null> {
    if (this.held && this.held.expiresAtMs - this.now() > RENEW_BEFORE_MS) return this.held.access;
    if (!this.kept) return null;
    this.renewal ??= this.renew(this.kept);
    return this.renewal;
  }

  /** The next token() asks for a new one: the gateway did not take this one. */
  distrust(access: string): void {
    if (this.held?.access === access) this.held = null;
  }

  private async renew(kept: Kept): Promise<string | null> {
    if (this.held) {
      await this.tabs.heard();
      if (this.kept !== kept) return this.token();
    }
    try {
      const tokens = await this.grant({ grant_type: 'refresh_token', refresh_token: kept.refresh });
      // Who has logged out meanwhile, or in as somebody else, is not undone by a late answer.
      if (this.kept === kept) {
        const renewed = { used: kept.refresh, tokens, expiresAtMs: this.expiryOf(tokens) };
        this.takeRenewed(renewed, kept.name);
        this.tabs.tell(renewed);
      }
      return tokens.access_token;
    } catch (error) {
      const isRefused = error instanceof ApiError && error.status === 400;
      if (this.kept === kept) {
        this.renewal = null;
        if (isRefused) this.forget();
      }
      if (isRefused) return null;
      throw error;
    }
  }

  /**
   * Another tab has renewed. Two that do so at the same moment have a token each, of which the
   * first to be used makes the other used: both go on with the lesser.
   */
  private hear(renewed: Renewed): void {
    const { kept } = this;
    if (!kept) return;
    const { used, tokens } = renewed;
    const isOlder = kept.refresh === used;
    const isOther = kept.used === used && tokens.refresh_token < kept.refresh;
    if (isOlder || isOther) this.takeRenewed(renewed, kept.name);
  }

  private takeRenewed({ used, tokens, expiresAtMs }: Renewed, name: string): void {
    this.take(tokens, { refresh: tokens.refresh_token, name, used }, expiresAtMs);
    for (const listener of this.renewalListeners) listener(tokens.access_token);
  }

  private expiryOf(tokens: Model<'Tokens'>): number {
    return this.now() + tokens.expires_in * 1_000;
  }

  private async grant(form: Record<string, string>): Promise<Model<'Tokens'>> {
    let response: Response;
    try {
      response = await this.fetch(TOKEN_PATH, {
        method: 'POST',
        body: new URLSearchParams(form),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      throw noAnswer();
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw errorOf(response.status, body);
    return body as Model<'Tokens'>;
  }

  private take(tokens: Model<'Tokens'>, kept: Kept, expiresAtMs = this.expiryOf(tokens)): void {
    this.held = { access: tokens.access_token, expiresAtMs };
    this.kept = kept;
    this.renewal = null;
    this.storage.setItem(STORAGE_KEY, JSON.stringify(this.kept));
    this.current = { name: kept.name, role: roleIn(tokens.access_token) };
    this.renewAhead();
    this.tell();
  }

  private renewAhead(againMs = 0): void {
    clearTimeout(this.timer);
    if (!this.held || !this.renewalListeners.size) return;
    const aheadMs = this.held.expiresAtMs - RENEW_BEFORE_MS - this.now();
    this.timer = setTimeout(
      // Timers may come a moment early: whatever token() has done, it is looked at again.
      () =>
        void this.token().then(
          () => this.renewAhead(),
          () => this.renewAhead(RENEW_AGAIN_MS),
        ),
      Math.max(aheadMs, againMs),
    );
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.held = null;
    this.kept = null;
    this.renewal = null;
    this.current = null;
    this.storage.removeItem(STORAGE_KEY);
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

/** For what the page shows alone: the gateway decides by itself what a token may do. */
function roleIn(access: string): string {
  try {
    const payload = access.split('.')[1] ?? '';
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const role = (claims as { role?: unknown }).role;
    return typeof role === 'string' ? role : 'trader';
  } catch {
    return 'trader';
  }
}

function readKept(storage: Storage): Kept | null {
  try {
    const kept: unknown = JSON.parse(storage.getItem(STORAGE_KEY) ?? 'null');
    const { refresh, name } = (kept ?? {}) as Partial<Kept>;
    return typeof refresh === 'string' && typeof name === 'string' ? { refresh, name } : null;
  } catch {
    return null;
  }
}
