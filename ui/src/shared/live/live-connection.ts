/**
 * One STOMP connection for the whole page: connects, connects again, subscribes again, brings
 * the token, and knows how old what it shows is. It is transport: no React, no market's word.
 *
 * What is shown is live while the pulse of the market data arrives: it takes the way of all prices,
 * from the process that makes them, and comes also where no price moves. A heart-beat of the socket
 * proves nothing: a gateway sends it however long its prices have stood still.
 */

import { Client, type IFrame, type IMessage, ReconnectionTimeMode } from '@stomp/stompjs';
import type { Model } from '../api/answer';
import type { Session } from '../session/session';

export type LiveState = 'connecting' | 'live' | 'stale' | 'offline';

export interface LiveStatus {
  state: LiveState;
  /** From the making of a pulse to its arrival here, smoothed; null before the first one. */
  delayMs: number | null;
}

export interface LiveMessage {
  body: unknown;
  snapshot: boolean;
}

type Handler = (message: LiveMessage) => void;

export const PULSE = '/topic/pulse';
const RENEWED_TOKEN = '/user/token';
/**
 * Trades of so many ms come in one message: each message wakes the page, and the tape is drawn no
 * more often. A trade changes the book, whose next message, within 100 ms, takes it along.
 */
const MERGE_MS = 200;
const BEAT_MS = 1_000;
/** So many pulses are missing: what is shown may be old. */
export const STALE_AFTER_MS = 3_000;
/** After so many missed beats the socket is given up: stale is shown first. */
const LOST_BEATS = 8;
const RECONNECT_MS = 250;
/** However long the gateway was away: who trades sees it back within this time. */
const RECONNECT_MAX_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;
/** How much one pulse moves the delay that is shown. */
const SMOOTHING = 0.2;

export class LiveConnection {
  private readonly client: Client;
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;
  private lastPulseMs = 0;
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
        const token = await session.token().catch(() => null);
        client.connectHeaders = { ...authorization(token), merge: String(MERGE_MS) };
      },
      onConnect: () => this.connected(),
      onWebSocketClose: () => this.show('offline'),
      onStompError: (frame: IFrame) => this.refused(frame, session),
    });
    // The gateway ends a socket with its token: it is shown the next one in time.
    session.onRenewal((token) => {
      if (!client.connected) return;
      client.publish({ destination: RENEWED_TOKEN, headers: authorization(token) });
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
    this.lastPulseMs = this.now();
    this.show('connecting');
    for (const destination of this.handlers.keys()) this.ask(destination);
    // Last: with the first pulse everything else has been asked for.
    this.client.subscribe(PULSE, (message) => this.pulsed(message), { id: PULSE });
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
    for (const handler of this.handlers.get(destination) ?? []) {
      handler({ body, snapshot: message.headers.type === 'snapshot' });
    }
  }

  private refused(frame: IFrame, session: Session): void {
    const token = /^Bearer (.+)$/.exec(this.client.connectHeaders.Authorization ?? '')?.[1];
    // The gateway closes after an ERROR; with a token in play, the next attempt brings a new one.
    if (token && /token/i.test(frame.headers.message ?? '')) session.distrust(token);
  }

  private pulsed(message: IMessage): void {
    this.lastPulseMs = this.now();
    const { E: sentMs } = JSON.parse(message.body) as Model<'Pulse'>;
    const sample = Math.max(0, this.lastPulseMs - sentMs);
    const { delayMs } = this.shown;
    this.show('live', delayMs === null ? sample : delayMs + SMOOTHING * (sample - delayMs));
  }

  private checkAge(): void {
    if (!this.client.connected) return;
    if (this.now() - this.lastPulseMs > STALE_AFTER_MS) this.show('stale');
  }

  private show(state: LiveState, delayMs: number | null = this.shown.delayMs): void {
    const same = state === this.shown.state && rounded(delayMs) === rounded(this.shown.delayMs);
    this.shown = same ? { ...this.shown, delayMs } : { state, delayMs };
    if (!same) for (const listener of this.listeners) listener();
  }
}

function authorization(token: string | null): Record<string, string> {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}

function rounded(delayMs: number | null): number | null {
  return delayMs === null ? null : Math.round(delayMs / 10);
}
