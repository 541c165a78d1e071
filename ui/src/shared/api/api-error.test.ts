import { expect, test } from 'vitest';
import { errorOf, noAnswer } from './api-error';

test("Binance's code and message are kept", () => {
  const error = errorOf(400, { code: -2010, msg: 'Market is closed.' });
  expect([error.status, error.code, error.message]).toEqual([400, -2010, 'Market is closed.']);
  expect(error.outcomeUnknown).toBe(false);
});

test('the fields of an invalid request are named', () => {
  const body = {
    code: -1130,
    msg: 'The request is not valid.',
    fields: [{ field: 'body.password', error: 'too short' }],
  };
  expect(errorOf(422, body).message).toBe('The request is not valid. body.password: too short');
});

test("OAuth's description is the message", () => {
  const body = { error: 'invalid_grant', error_description: 'Wrong name or password.' };
  expect(errorOf(400, body).message).toBe('Wrong name or password.');
});

test.each([null, 'Bad gateway', { code: '1' }, {}])('a body that says nothing: %j', (body) => {
  expect(errorOf(502, body).message).toBe('The gateway answered HTTP 502.');
});

test.each([noAnswer(), errorOf(504, { code: -1007, msg: 'Timeout' }), errorOf(503, null)])(
  'what was not answered may have happened: %s',
  (error) => {
    expect(error.outcomeUnknown).toBe(true);
  },
);
