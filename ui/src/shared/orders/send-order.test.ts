import { expect, test } from 'vitest';
import { ApiError, noAnswer } from '../api/api-error';
import type { Gateway, Sent } from '../api/request';
import { ROW } from '../testing/fake-orders';
import { cancelAll, newClientId, placeOrder } from './send-order';

const PLACED = { ...ROW, transactTime: 5 };
const ORDER = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', quantity: '2', price: '1' } as const;
const unknown = () => new ApiError(504, -1007, 'Timeout');
const notThere = () => new ApiError(400, -2013, 'Order does not exist.');
const soon = () => Promise.resolve();

function gateway(...answers: Array<object | Error>) {
  const sent: Array<[string, Sent]> = [];
  const request = async (path: string, how: Sent = {}) => {
    sent.push([path, how]);
    const answer = answers.shift();
    if (answer instanceof Error || !answer) throw answer ?? noAnswer();
    return answer;
  };
  return { made: { request } as unknown as Gateway, sent };
}

test('an order is sent once where it is answered', async () => {
  const { made, sent } = gateway(PLACED);
  expect(await placeOrder(made, ORDER, 'c1', soon)).toMatchObject({ id: 7, status: 'NEW' });
  expect(sent).toHaveLength(1);
  expect(sent[0]?.[1]).toMatchObject({ method: 'POST', parameters: { newClientOrderId: 'c1' } });
});

test('an order whose answer is lost is asked for, until it is there', async () => {
  const { made, sent } = gateway(unknown(), notThere(), noAnswer(), ROW);
  expect(await placeOrder(made, ORDER, 'c1', soon)).toMatchObject({ id: 7 });
  expect(sent.slice(1).map(([, how]) => how.parameters?.origClientOrderId)).toEqual([
    'c1',
    'c1',
    'c1',
  ]);
});

test('an order that is never found stays unknown', async () => {
  const { made } = gateway(unknown(), ...Array.from({ length: 15 }, notThere));
  await expect(placeOrder(made, ORDER, 'c1', soon)).rejects.toMatchObject({ code: -1007 });
});

test('a refusal is final', async () => {
  const { made, sent } = gateway(new ApiError(400, -2010, 'Market is closed.'));
  await expect(placeOrder(made, ORDER, 'c1', soon)).rejects.toThrow('Market is closed.');
  expect(sent).toHaveLength(1);
});

test('to cancel all where there is nothing is no error', async () => {
  expect(await cancelAll(gateway(new ApiError(400, -2011, 'Unknown order sent.')).made, 'X')).toBe(
    0,
  );
  expect(await cancelAll(gateway([{}, {}]).made, 'X')).toBe(2);
});

test('client ids are legal and differ', () => {
  const [one, two] = [newClientId(), newClientId()];
  expect(one).toMatch(/^[a-zA-Z0-9-]{1,36}$/);
  expect(one).not.toBe(two);
});

test('the two orders of a list count as two', async () => {
  const list = { orderListId: 1, orderReports: [{}, {}] };
  expect(await cancelAll(gateway([{}, list]).made, 'X')).toBe(3);
});
