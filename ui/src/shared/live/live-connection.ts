/**
 * One STOMP connection for the whole page: connects, connects again, subscribes again, brings
 * the token, and knows how old what it shows is. It is transport: no React, no market's word.
 */

import { Client, type IFrame, type IMessage, ReconnectionTimeMode } from '@stomp/stompjs';
import type { Session } from '../session/session';

export type LiveState = 'connecting' | 'live' | 'stale' | 'offline';

export interface LiveStatus {
  state: LiveState;
  /** From the event at its source to this page, smoothed; null before the first event. */
  delayMs: number | null;
}

export interface LiveMessage {
  body: unknown;
  snapshot: boolean;
}

type Handler = (message: LiveMessage) => void;

const BEAT_MS = 1_000;
/** Nothing at all for this long, not even a heart-beat: what is shown may be old. */
export const STALE_AFTER_MS = 3_000;
/** After so many missed beats the socket is given up: stale is shown first. */
const LOST_BEATS = 8;
const RECONNECT_MS = 250;
/** However long the gateway was away: who trades sees it back within this time. */
const RECONNECT_MAX_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** How much one event moves the delay that is shown. */
const SMOOTHING = 0.1;

export class LiveConnection {
  private readonly client: Client;
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;
  private lastHeardMs = 0;
  private watch: ReturnType<typeof setInterval> | undefined;
  private shown: LiveStatus = { state: 'connecting', delayMs: null };

  constructor(
    url: string,
    session: Session,
    client: Client = new Client(),
    now: () => number = Date.now,
  ) {
    this.now = now;
    this.client = client;
    client.configure({
      brokerURL: url,
      reconnectDelay: RECONNECT_MS,
      maxReconnectDelay: RECONNECT_MAX_MS,
      reconnectTimeMode: ReconnectionTimeMode.EXPONENTIAL,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      heartbeatIncoming: BEAT_MS,
      heartbeatToleranceMultiplier: LOST_BEATS,
      heartbeatOutgoing: BEAT_MS * 5,
      beforeConnect: async () => {
        client.connectHeaders = connectHeaders(await session.token().catch(() => null));
      },
      onConnect: () => this.connected(),
      onWebSocketClose: () => this.show('offline'),
      onStompError: (frame: IFrame) => this.refused(frame, session),
      onHeartbeatReceived: () => this.heard(),
    });
    // A login or logout is another principal: the socket must be another one too.
    let name = session.user()?.name;
    session.subscribe(() => {
      if (session.user()?.name === name) return;
      name = session.user()?.name;
      if (this.client.active) this.client.forceDisconnect();
    });
  }

  start(): void {
    this.watch ??= setInterval(() => this.checkAge(), BEAT_MS);
    this.client.activate();
  }

  async stop(): Promise<void> {
    clearInterval(this.watch);
    this.watch = undefined;
    await this.client.deactivate();
  }

  /** Calls the handler for each message until the returned function is called. */
  readonly subscribe = (destination: string, handler: Handler): (() => void) => {
    const known = this.handlers.get(destination);
    if (known) {
      known.add(handler);
      // A newcomer needs a snapshot too: those who are there take it as well.
      this.renew(destination);
    } else {
      this.handlers.set(destination, new Set([handler]));
      this.ask(destination);
    }
    return () => this.leave(destination, handler);
  };

  /** Subscribe again: the destination begins with a snapshot. For whoever sees a gap. */
  readonly renew = (destination: string): void => {
    if (!this.client.connected) return;
    this.client.unsubscribe(destination);
    this.ask(destination);
  };

  readonly status = (): LiveStatus => this.shown;

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private leave(destination: string, handler: Handler): void {
    const handlers = this.handlers.get(destination);
    if (!handlers?.delete(handler) || handlers.size) return;
    this.handlers.delete(destination);
    if (this.client.connected) this.client.unsubscribe(destination);
  }

  private connected(): void {
    this.heard();
    for (const destination of this.handlers.keys()) this.ask(destination);
  }

  private ask(destination: string): void {
    if (!this.client.connected) return;
    // The id is the destination: the gateway then renders one frame for all who watch it.
    this.client.subscribe(destination, (message) => this.take(destination, message), {
      id: destination,
    });
  }

  private take(destination: string, message: IMessage): void {
    const body: unknown = JSON.parse(message.body);
    this.heard(eventTime(body));
    for (const handler of this.handlers.get(destination) ?? []) {
      handler({ body, snapshot: message.headers.type === 'snapshot' });
    }
  }

  private refused(frame: IFrame, session: Session): void {
    const token = /^Bearer (.+)$/.exec(this.client.connectHeaders.Authorization ?? '')?.[1];
    // The gateway closes after an ERROR; with a token in play, the next attempt brings a new one.
    if (token && /token/i.test(frame.headers.message ?? '')) session.distrust(token);
  }

  private heard(eventMs: number | null = null): void {
    this.lastHeardMs = this.now();
    let { delayMs } = this.shown;
    if (eventMs !== null) {
      const sample = Math.max(0, this.lastHeardMs - eventMs);
      delayMs = delayMs === null ? sample : delayMs + SMOOTHING * (sample - delayMs);
    }
    this.show('live', delayMs);
  }

  private checkAge(): void {
    if (!this.client.connected) return;
    this.show(this.now() - this.lastHeardMs > STALE_AFTER_MS ? 'stale' : 'live');
  }

  private show(state: LiveState, delayMs: number | null = this.shown.delayMs): void {
    const same = state === this.shown.state && rounded(delayMs) === rounded(this.shown.delayMs);
    this.shown = same ? { ...this.shown, delayMs } : { state, delayMs };
    if (!same) for (const listener of this.listeners) listener();
  }
}

function connectHeaders(token: string | null): Record<string, string> {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

function eventTime(body: unknown): number | null {
  const at = typeof body === 'object' && body !== null ? (body as { E?: unknown }).E : undefined;
  return typeof at === 'number' ? at : null;
}

function rounded(delayMs: number | null): number | null {
  return delayMs === null ? null : Math.round(delayMs / 10);
}
