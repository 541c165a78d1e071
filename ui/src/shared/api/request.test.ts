import { expect, test } from 'vitest';
import { Session } from '../session/session';
import { Gateway } from './request';

class FakeSession extends Session {
  tokens: Array<string | null>;
  distrusted: string[] = [];

  constructor(tokens: Array<string | null>) {
    super(sessionStorage);
    this.tokens = tokens;
  }

  override token(): Promise<string | null> {
    return Promise.resolve(this.tokens.shift() ?? null);
  }

  override distrust(access: string): void {
    this.distrusted.push(access);
  }
}

function gateway(session: Session, ...answers: Response[]) {
  const seen: Array<[string, RequestInit]> = [];
  const send: typeof fetch = async (path, init) => {
    seen.push([String(path), init ?? {}]);
    const answer = answers.shift();
    if (!answer) throw new TypeError('network');
    return answer;
  };
  return { made: new Gateway(session, send), seen };
}

const authorization = (init: RequestInit | undefined) =>
  (init?.headers as Record<string, string> | undefined)?.authorization;

test('parameters go into the query, undefined ones do not', async () => {
  const { made, seen } = gateway(new FakeSession(['t']), Response.json([1]));
  const found = await made.request('/api/v3/order', {
    method: 'DELETE',
    parameters: { symbol: 'BTCUSDT', orderId: 7, origClientOrderId: undefined },
  });
  expect(found).toEqual([1]);
  expect(seen[0]?.[0]).toBe('/api/v3/order?symbol=BTCUSDT&orderId=7');
  expect(authorization(seen[0]?.[1])).toBe('Bearer t');
});

test('a token that is not taken is renewed once', async () => {
  const session = new FakeSession(['old', 'new']);
  const refused = Response.json({ code: -1002, msg: 'no' }, { status: 401 });
  const { made, seen } = gateway(session, refused, Response.json({}));
  await made.request('/v1/balances');
  expect(session.distrusted).toEqual(['old']);
  expect(seen.map(([, init]) => authorization(init))).toEqual(['Bearer old', 'Bearer new']);
});

test('without a session there is nothing to renew', async () => {
  const refused = Response.json({ code: -1002, msg: 'no' }, { status: 401 });
  const { made, seen } = gateway(new FakeSession([null]), refused);
  await expect(made.request('/v1/balances')).rejects.toMatchObject({ status: 401, code: -1002 });
  expect(seen).toHaveLength(1);
});

test('silence is no refusal', async () => {
  const { made } = gateway(new FakeSession(['t']));
  await expect(made.request('/v1/balances')).rejects.toMatchObject({ outcomeUnknown: true });
});

test('an answer without a body is undefined', async () => {
  const { made } = gateway(new FakeSession(['t']), new Response(null, { status: 204 }));
  expect(await made.request('/v1/markets/BTCUSDT/halt', { method: 'POST' })).toBeUndefined();
});
