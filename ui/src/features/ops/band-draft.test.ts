import { expect, test } from 'vitest';
import { BTCUSDT } from '../../shared/testing/fake-partners';
import { bandOf, draftOf, edgeProblem } from './band-draft';

test('a draft begins as the band that holds, in per cent, and is the same band again', () => {
  const draft = draftOf(BTCUSDT);
  expect(draft).toEqual({ bid_down: '80', bid_up: '10', ask_down: '10', ask_up: '400' });
  expect(bandOf(draft)).toEqual({ bid_down: '0.2', bid_up: '1.1', ask_down: '0.9', ask_up: '5' });
});

test('without a band there is nothing to begin with', () => {
  const draft = draftOf({ ...BTCUSDT, bidBand: ['', ''], askBand: ['', ''] });
  expect(draft).toEqual({ bid_down: '', bid_up: '', ask_down: '', ask_up: '' });
  expect(bandOf(draft)).toBeNull();
});

test('an edge is what the gateway takes, no wider and no narrower', () => {
  for (const text of ['0.1', '99', ' 12.3456 ']) expect(edgeProblem('bid_down', text)).toBeNull();
  for (const text of ['0.1', '9900']) expect(edgeProblem('ask_up', text)).toBeNull();
  for (const text of ['0', '0.0999', '99.0001', '100']) {
    expect(edgeProblem('ask_down', text)).toBe('It must be 0.1 to 99 per cent.');
  }
  expect(edgeProblem('bid_up', '9900.1')).toBe('It must be 0.1 to 9900 per cent.');
  for (const text of ['', '-5', '5e1', '1.23456', 'ten', '5 %']) {
    expect(edgeProblem('bid_up', text)).toBe(
      'Enter 0.1 to 9900 per cent, with at most 4 decimals.',
    );
  }
});

test('one edge that is wrong keeps the band from being sent', () => {
  expect(bandOf({ ...draftOf(BTCUSDT), ask_down: '100' })).toBeNull();
});
