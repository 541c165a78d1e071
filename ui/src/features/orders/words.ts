/** The exchange's constants in words: an order's steps, what its saga waits in, why it was refused. */

const STEPS: Readonly<Record<string, string>> = {
  registered: 'Pending validation',
  funds_reserved: 'Funds reserved',
  funds_refused: 'Refused: funds',
  submitted: 'Submitted to matching',
  awaiting_engine: 'Waiting for matching',
  engine_silent: 'Matching is silent: cancelling',
  cancelled_in_engine: 'Taken off the book',
  order_open: 'Open',
  order_partially_filled: 'Partially filled',
  order_filled: 'Filled',
  order_rejected: 'Refused by matching',
  order_cancelled: 'Cancelled',
  order_expired: 'Expired',
  order_expired_in_match: 'Expired: self-trade prevention',
  amended: 'Amended',
  released: 'Funds released',
  finalized: 'Finalized',
  repeated: 'The same request again',
  incident: 'Incident: people must look',
  broken: 'Broken: people must look',
};

const CONSTANTS: Readonly<Record<string, string>> = {
  // What a saga waits in.
  STARTED: 'Being checked',
  FUNDS_RESERVED: 'On its way to matching',
  MATCHING_SUBMITTED: 'Open, waiting for fills or its end',
  COMPENSATING: 'Giving the funds back',
  // An order's statuses.
  OPEN: 'open',
  PARTIALLY_FILLED: 'partially filled',
  FILLED: 'filled',
  CANCELLED: 'cancelled',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired: self-trade prevention',
  REJECTED: 'rejected',
  // Why it was refused.
  DUPLICATE_ORDER: 'the same client id twice',
  INSUFFICIENT_FUNDS: 'not enough funds',
  ALREADY_RELEASED: 'it was undone before',
  MARKET_CLOSED: 'the market is closed',
  UNKNOWN_SYMBOL: 'no such market',
  INVALID_ORDER: 'not a valid order',
  TOMBSTONED: 'cancelled before matching saw it',
  NO_ANSWER: 'matching did not answer',
  WOULD_TAKE: 'it would have traded at once',
  WOULD_TRIGGER: 'it would have triggered at once',
  PRICE_OUT_OF_BAND: 'the price is outside the band',
  TOO_LATE: 'its good-till date had passed',
  INDETERMINATE: 'nobody can tell how it stands',
  // Why it expired.
  UNFILLED_IOC_QUANTITY_EXPIRED: 'the rest found nothing to trade with',
  UNFILLED_FOK_ORDER_EXPIRED: 'not all of it could be filled at once',
  INSUFFICIENT_LIQUIDITY: 'nothing left to trade with',
  EXECUTION_RULE_PRICE_RANGE_EXCEEDED: 'prices beyond the band',
  BUDGET_SPENT: 'what was reserved is spent',
  TOO_MANY_MATCHES: 'too many matches at once',
  SELF_TRADE_PREVENTION: 'self-trade prevention',
  OCO_TRIGGER: 'the other leg of its list came first',
  GOOD_TILL_DATE_REACHED: 'its good-till date is reached',
};

export function stepText(name: string): string {
  return STEPS[name] ?? name.replaceAll('_', ' ');
}

/** Constants within a text, each in words; what nobody has words for stays. */
export function inWords(text: string): string {
  return text.replaceAll(/[A-Z][A-Z_]+/g, (constant) => CONSTANTS[constant] ?? constant);
}
