import { expect, test } from 'vitest';
import { marketsOf } from './markets';

const PRICE = {
  filterType: 'PRICE_FILTER',
  minPrice: '0.01',
  maxPrice: '1000',
  tickSize: '0.01000000',
};
const LOT = { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '9', stepSize: '0.00100000' };
const NOTIONAL = { filterType: 'NOTIONAL', minNotional: '5', maxNotional: '9000' };
const BAND = {
  filterType: 'PERCENT_PRICE_BY_SIDE',
  bidMultiplierUp: '1.1',
  bidMultiplierDown: '0.2',
  askMultiplierUp: '5',
  askMultiplierDown: '0.9',
};
const BTCUSDT = {
  symbol: 'BTCUSDT',
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  orderTypes: ['LIMIT'],
  filters: [LOT, NOTIONAL, PRICE, BAND],
};

test('a market knows its steps and how many decimals they have', () => {
  expect(marketsOf([BTCUSDT])).toMatchObject([
    {
      symbol: 'BTCUSDT',
      base: 'BTC',
      tick: '0.01000000',
      priceDecimals: 2,
      quantityDecimals: 3,
      bidBand: ['0.2', '1.1'],
      askBand: ['0.9', '5'],
    },
  ]);
});

test('a market has limits of its own for market orders and for numbers of orders', () => {
  const filters = [
    ...BTCUSDT.filters,
    { filterType: 'MARKET_LOT_SIZE', minQty: '0.01', maxQty: '3', stepSize: '0.00000000' },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
    { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 5 },
  ];
  expect(marketsOf([{ ...BTCUSDT, filters }, BTCUSDT])).toMatchObject([
    {
      marketLot: '0.00100000',
      marketMinQuantity: '0.01',
      marketMaxQuantity: '3',
      maxOrders: 200,
      maxConditionalOrders: 5,
    },
    {
      marketLot: '0.00100000',
      marketMinQuantity: '0.001',
      marketMaxQuantity: '9',
      maxOrders: Number.POSITIVE_INFINITY,
      maxConditionalOrders: Number.POSITIVE_INFINITY,
    },
  ]);
});

test('what cannot be traded for lack of a filter is left out', () => {
  expect(marketsOf([{ ...BTCUSDT, filters: [PRICE, LOT] }, null, 7])).toEqual([]);
});
