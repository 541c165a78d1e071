import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Session } from './session';

const EXPIRES_IN_S = 900;
let sent: URLSearchParams[];
let answers: Array<() => Response>;
let nowMs: number;

const send: typeof fetch = async (_, init) => {
  sent.push(init?.body as URLSearchParams);
  const answer = answers.shift();
  if (!answer) throw new TypeError('network');
  return answer();
};

function jwt(claims: object): string {
  return `h.${btoa(JSON.stringify(claims))}.s`;
}

function tokens(n: number, role = 'trader'): () => Response {
  return () =>
    Response.json({
      access_token: jwt({ n, role }),
      refresh_token: `refresh${n}`,
      token_type: 'bearer',
      expires_in: EXPIRES_IN_S,
    });
}

function session(): Session {
  return new Session(sessionStorage, send, () => nowMs);
}

afterEach(() => {
  vi.useRealTimers();
});

beforeEach(() => {
  sessionStorage.clear();
  sent = [];
  answers = [];
  nowMs = 0;
});

test('nobody is logged in at first', async () => {
  expect(session().user()).toBeNull();
  expect(await session().token()).toBeNull();
});

test('a login gives a token and the role in it', async () => {
  answers = [tokens(1, 'ops')];
  const made = session();
  await made.logIn('ada', 'secret');
  expect(made.user()).toEqual({ name: 'ada', role: 'ops' });
  expect(await made.token()).toBe(jwt({ n: 1, role: 'ops' }));
  expect(sent).toHaveLength(1);
});

test('a token is renewed before it expires, once for all who ask', async () => {
  answers = [tokens(1), tokens(2)];
  const made = session();
  await made.logIn('ada', 'secret');
  nowMs = (EXPIRES_IN_S - 30) * 1_000;
  const [one, two] = await Promise.all([made.token(), made.token()]);
  expect(one).toBe(jwt({ n: 2, role: 'trader' }));
  expect(two).toBe(one);
  expect(sent.map((form) => form.get('grant_type'))).toEqual(['password', 'refresh_token']);
});

test('a reload stays logged in', async () => {
  answers = [tokens(1), tokens(2)];
  await session().logIn('ada', 'secret');
  const reloaded = session();
  expect(reloaded.user()?.name).toBe('ada');
  expect(await reloaded.token()).toBe(jwt({ n: 2, role: 'trader' }));
  expect(sent[1]?.get('refresh_token')).toBe('refresh1');
});

test('a refused refresh token ends the session, and whoever listens is told', async () => {
  answers = [tokens(1), () => Response.json({ error: 'invalid_grant' }, { status: 400 })];
  await session().logIn('ada', 'secret');
  const reloaded = session();
  let told = 0;
  reloaded.subscribe(() => {
    told += 1;
  });
  expect(await reloaded.token()).toBeNull();
  expect(reloaded.user()).toBeNull();
  expect(told).toBe(1);
  expect(session().user()).toBeNull();
});

test('a gateway that is away ends nothing', async () => {
  answers = [tokens(1)];
  await session().logIn('ada', 'secret');
  const reloaded = session();
  await expect(reloaded.token()).rejects.toMatchObject({ outcomeUnknown: true });
  expect(reloaded.user()?.name).toBe('ada');
});

test('a token that the gateway did not take is not used again', async () => {
  answers = [tokens(1), tokens(2)];
  const made = session();
  await made.logIn('ada', 'secret');
  made.distrust(String(await made.token()));
  expect(await made.token()).toBe(jwt({ n: 2, role: 'trader' }));
});

test('a wrong password is told as the gateway tells it', async () => {
  answers = [
    () =>
      Response.json(
        { error: 'invalid_grant', error_description: 'Wrong name or password.' },
        { status: 400 },
      ),
  ];
  await expect(session().logIn('ada', 'wrong')).rejects.toThrow('Wrong name or password.');
});

test('storage that holds nonsense is nobody', () => {
  sessionStorage.setItem('tradeflow.session', '{"refresh":1}');
  expect(session().user()).toBeNull();
});

test('who listens is given the next token before the last one ends, without any request', async () => {
  vi.useFakeTimers();
  answers = [tokens(1), tokens(2), tokens(3)];
  const made = new Session(sessionStorage, send);
  const renewed: string[] = [];
  const leave = made.onRenewal((access) => renewed.push(access));
  await made.logIn('ada', 'secret');
  expect(renewed).toEqual([]);
  await vi.advanceTimersByTimeAsync((EXPIRES_IN_S - 60) * 1_000);
  expect(renewed).toEqual([jwt({ n: 2, role: 'trader' })]);
  leave();
  await vi.advanceTimersByTimeAsync(2 * EXPIRES_IN_S * 1_000);
  expect(sent).toHaveLength(2);
});

test('a renewal that fails is tried again until the gateway is back', async () => {
  vi.useFakeTimers();
  answers = [tokens(1)];
  const made = new Session(sessionStorage, send);
  const renewed: string[] = [];
  made.onRenewal((access) => renewed.push(access));
  await made.logIn('ada', 'secret');
  await vi.advanceTimersByTimeAsync((EXPIRES_IN_S - 100) * 1_000);
  expect([sent.length > 2, sent.length < 7]).toEqual([true, true]);
  answers = [tokens(2)];
  await vi.advanceTimersByTimeAsync(5_000);
  expect(renewed).toEqual([jwt({ n: 2, role: 'trader' })]);
});

test('nothing is renewed for who has logged out', async () => {
  vi.useFakeTimers();
  answers = [tokens(1), () => new Response(null, { status: 204 })];
  const made = new Session(sessionStorage, send);
  made.onRenewal(() => undefined);
  await made.logIn('ada', 'secret');
  await made.logOut();
  expect(vi.getTimerCount()).toBe(0);
});

test('a gateway that never answers ends nothing, and nobody waits for it for ever', async () => {
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
  const signals: unknown[] = [];
  const silent: typeof fetch = async (_, init) => {
    signals.push(init?.signal);
    init?.signal?.throwIfAborted();
    return new Promise(() => undefined);
  };
  await expect(new Session(sessionStorage, silent).logIn('ada', 'secret')).rejects.toMatchObject({
    outcomeUnknown: true,
  });
  expect(signals).toEqual([timeout.mock.results[0]?.value]);
  timeout.mockRestore();
});

/** A tab of ada's that has been reloaded, and asks for a token whose answer is not there yet. */
async function whileRenewing() {
  answers = [tokens(1)];
  await session().logIn('ada', 'secret');
  let answer: (response: Response) => void = () => undefined;
  const late = new Promise<Response>((resolve) => {
    answer = resolve;
  });
  const asked: string[] = [];
  const made = new Session(sessionStorage, async (path, init) => {
    asked.push(String(path));
    const form = init?.body as URLSearchParams | undefined;
    if (form?.get('grant_type') === 'refresh_token') return late;
    return tokens(9)();
  });
  return { made, token: made.token(), answer, asked };
}

test('an answer that comes late does not undo the login of somebody else', async () => {
  const { made, token, answer } = await whileRenewing();
  await made.logIn('bob', 'secret');
  answer(tokens(2)());
  expect(await token).toBe(jwt({ n: 2, role: 'trader' }));
  expect(made.user()?.name).toBe('bob');
  expect(await made.token()).toBe(jwt({ n: 9, role: 'trader' }));
  expect(session().user()?.name).toBe('bob');
});

test('a refusal that comes late logs nobody else out', async () => {
  const { made, token, answer } = await whileRenewing();
  await made.logIn('bob', 'secret');
  answer(Response.json({ error: 'invalid_grant' }, { status: 400 }));
  expect(await token).toBeNull();
  expect(made.user()?.name).toBe('bob');
});

test('who logs out is out at once, also while the gateway does not answer', async () => {
  const { made, answer, asked } = await whileRenewing();
  const done = made.logOut();
  expect(made.user()).toBeNull();
  expect(session().user()).toBeNull();
  answer(tokens(2)());
  await done;
  expect(made.user()).toBeNull();
  expect(asked.at(-1)).toBe('/v1/logout');
});
