/** One request to the gateway: the token added, and renewed once where it is not taken. */

import type { Session } from '../session/session';
import { errorOf, noAnswer } from './api-error';

export type Parameters = Record<string, string | number | boolean | undefined>;

export interface Sent {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** In the query. Those that are undefined are left out. */
  parameters?: Parameters;
  /** As JSON. */
  body?: object;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const TIMEOUT_MS = 15_000;
const UNAUTHORIZED = 401;

/** Sends requests in the session's name. Throws ApiError for whatever is not a success. */
export class Gateway {
  private readonly session: Session;
  private readonly fetch: typeof fetch;

  constructor(session: Session, send: typeof fetch = (...request) => fetch(...request)) {
    this.session = session;
    this.fetch = send;
  }

  async request<Body>(path: string, sent: Sent = {}): Promise<Body> {
    const token = await this.session.token();
    const first = await this.send(path, sent, token);
    if (first.status !== UNAUTHORIZED || token === null) return read<Body>(first);
    this.session.distrust(token);
    const renewed = await this.session.token();
    return read<Body>(renewed === null ? first : await this.send(path, sent, renewed));
  }

  private async send(path: string, sent: Sent, token: string | null): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json', ...sent.headers };
    if (token !== null) headers.authorization = `Bearer ${token}`;
    if (sent.body) headers['content-type'] = 'application/json';
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await this.fetch(path + query(sent.parameters), {
        method: sent.method ?? 'GET',
        headers,
        body: sent.body ? JSON.stringify(sent.body) : null,
        cache: 'no-store',
        signal: sent.signal ? AbortSignal.any([sent.signal, timeout]) : timeout,
      });
    } catch (error) {
      if (sent.signal?.aborted) throw error;
      throw noAnswer();
    }
  }
}

function query(parameters: Parameters = {}): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return pairs.length ? `?${new URLSearchParams(pairs)}` : '';
}

async function read<Body>(response: Response): Promise<Body> {
  const body: unknown =
    response.status === 204 ? undefined : await response.json().catch(() => null);
  if (!response.ok) throw errorOf(response.status, body);
  return body as Body;
}
