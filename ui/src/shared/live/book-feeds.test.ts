import { expect, test } from 'vitest';
import { BookFeeds } from './book-feeds';
import type { LiveMessage } from './live-connection';

class FakeTopics {
  handlers = new Map<string, (message: LiveMessage) => void>();
  renewed: string[] = [];

  subscribe = (destination: string, handler: (message: LiveMessage) => void) => {
    this.handlers.set(destination, handler);
    return () => {
      this.handlers.delete(destination);
    };
  };

  renew = (destination: string) => {
    this.renewed.push(destination);
  };

  send(body: object, snapshot = false) {
    this.handlers.get(TOPIC)?.({ body, snapshot });
  }
}

const MARKET = { symbol: 'BTCUSDT', tick: '0.01000000', lot: '0.00001000' };
const TOPIC = '/topic/orderbook/BTCUSDT';
const SNAPSHOT = { lastUpdateId: 5, bids: [['1.00', '2']], asks: [] };

test('all who look at a market look at one book, and the last closes it', () => {
  const topics = new FakeTopics();
  const feeds = new BookFeeds(topics);
  const [one, two] = [feeds.follow(MARKET), feeds.follow(MARKET)];
  expect(one.feed).toBe(two.feed);
  topics.send(SNAPSHOT, true);
  expect(one.feed.book.view(5).bids).toHaveLength(1);
  one.leave();
  one.leave();
  expect(topics.handlers.has(TOPIC)).toBe(true);
  two.leave();
  expect(topics.handlers.has(TOPIC)).toBe(false);
});

test('whoever draws is told of each change', () => {
  const topics = new FakeTopics();
  let changes = 0;
  new BookFeeds(topics, () => {
    changes += 1;
  }).follow(MARKET);
  topics.send(SNAPSHOT, true);
  topics.send({ U: 6, u: 6, b: [['1.00', '3']], a: [] });
  expect(changes).toBe(2);
});

test('a gap asks for a new snapshot, and the book goes on from there', () => {
  const topics = new FakeTopics();
  const { feed } = new BookFeeds(topics).follow(MARKET);
  topics.send(SNAPSHOT, true);
  topics.send({ U: 8, u: 9, b: [], a: [] });
  expect(topics.renewed).toEqual([TOPIC]);
  topics.send({ ...SNAPSHOT, lastUpdateId: 9 }, true);
  topics.send({ U: 10, u: 10, b: [['1.00', '0']], a: [] });
  expect(feed.book.view(5)).toMatchObject({ bids: [], updateId: 10 });
});
