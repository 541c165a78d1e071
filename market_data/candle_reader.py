"""Candles out of Redis: closed ones from the time series, the open ones beside them."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from contracts.message import decode
from contracts.streams import Interval
from contracts.topology import HISTORY_FRESH_KEY, HISTORY_KEY, market_history_key, trades_key
from market_data.candle_series import candle_from, series_keys
from market_data.errors import HistoryUnavailable
from market_data.history_store import WHOLE
from market_data.intervals import LENGTHS_MS
from market_data.records import Candle, Trade
from market_data.trade_log import trade_from

# One script, so that closed and open candles are of one moment; and one text a figure, since
# thousands of samples as single answers keep the reader busy ten times as long.
_READ: Final = """
local state = redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HGET', KEYS[2], 'state')
local written = redis.call('HMGET', KEYS[3],
    'minute_ms', 'second_ms', 'forming_minute', 'forming_second')
if state ~= ARGV[1] then
  return {state}
elseif not written[1] then
  return {state, false}
end
local function value(sample)
  local found = sample[2]
  return type(found) == 'table' and found.ok or found
end
local first = redis.call('TS.RANGE', KEYS[4], '-', '+', 'LATEST', 'COUNT', 1)[1]
local before = redis.call('TS.REVRANGE', KEYS[7], '-', ARGV[2] - 1, 'LATEST', 'COUNT', 1)[1]
local answer = {state, written, first and first[1] or false, before and value(before) or false, ''}
local times = {}
for i = 4, #KEYS do
  local values = {}
  for j, sample in ipairs(redis.call('TS.RANGE', KEYS[i], ARGV[2], ARGV[3], 'LATEST')) do
    times[j], values[j] = string.format('%d', sample[1]), value(sample)
  end
  answer[i + 2] = table.concat(values, ' ')
end
answer[5] = table.concat(times, ' ')
return answer
"""


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of one market at one moment.

    `closed` are those within the span that was asked for, of them the last one as it is so far;
    `forming` is the open minute or second, wherever it lies. `first_ms` is where the closed ones
    begin, `previous_close_e8` the close of the one before the span.
    """

    closed: list[Candle]
    forming: Candle | None
    first_ms: int | None
    previous_close_e8: int | None

    def close_before(self, open_ms: int) -> int | None:
        """The last price before the span, which begins then; None before the first trade."""
        if self.forming is not None and self.forming.open_ms < open_ms:
            return self.forming.close_e8
        return self.previous_close_e8


NOTHING: Final = Stored(closed=[], forming=None, first_ms=None, previous_close_e8=None)


class Span(NamedTuple):
    """The candles of one length, all but the month, that open from `start_ms`, at least 1, to
    `end_ms`."""

    interval: Interval
    start_ms: int
    end_ms: int


class CandleReader:
    """Reads what `HistoryWriter` writes.

    Raises HistoryUnavailable while the history is being rebuilt or nobody keeps it current, and
    redis.exceptions.RedisError where Redis is away.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._read = redis.register_script(_READ)

    async def read(self, symbol: str, span: Span) -> Stored:
        keys, arguments = _asked(symbol, span)
        return _stored(symbol, span, await self._read(keys=keys, args=arguments))

    async def read_at_once(self, symbol: str, *spans: Span) -> list[Stored]:
        """Several, all of one moment."""
        async with self._redis.pipeline(transaction=True) as pipeline:
            _queue(pipeline, symbol, spans)
            answers = await pipeline.execute()
        return [_stored(symbol, s, answer) for s, answer in zip(spans, answers, strict=True)]

    async def read_with_last_trade(self, symbol: str, span: Span) -> tuple[Stored, Trade | None]:
        """The newest trade, None before the first, of the same moment."""
        async with self._redis.pipeline(transaction=True) as pipeline:
            _queue(pipeline, symbol, [span])
            pipeline.xrevrange(trades_key(symbol), count=1)
            answer, newest = await pipeline.execute()
        stored = _stored(symbol, span, answer)
        return stored, trade_from(symbol, newest[0]) if newest else None


def _queue(pipeline: Pipeline, symbol: str, spans: Sequence[Span]) -> None:
    for span in spans:
        keys, arguments = _asked(symbol, span)
        pipeline.eval(_READ, len(keys), *keys, *arguments)


def _asked(symbol: str, span: Span) -> tuple[list[str], list[str | int]]:
    """The script's keys and arguments."""
    keys = [
        HISTORY_FRESH_KEY,
        HISTORY_KEY,
        market_history_key(symbol),
        *series_keys(symbol, span.interval),
    ]
    return keys, [WHOLE, max(span.start_ms, 1), max(span.end_ms, 1)]


def _stored(symbol: str, span: Span, found: list[Any]) -> Stored:
    """What the script has answered."""
    state, *answer = found
    if state != WHOLE:
        raise HistoryUnavailable(symbol)
    written = answer[0]
    if not written:
        return NOTHING
    _, first, before, times, *texts = answer
    columns = [[int(float(value)) for value in text.split()] for text in texts]
    opens = [int(time) for time in times.split()]
    length = LENGTHS_MS[span.interval]
    return Stored(
        closed=[
            candle_from(open_ms, open_ms + length - 1, values)
            for open_ms, *values in zip(opens, *columns, strict=True)
        ],
        forming=_forming(written, seconds=span.interval is Interval.SECOND_1),
        first_ms=None if first is None else int(first),
        previous_close_e8=None if before is None else int(float(before)),
    )


def _forming(written: list[str | None], *, seconds: bool) -> Candle | None:
    """The open candle, unless it is written as closed by now."""
    closed_ms, text = written[1 if seconds else 0], written[3 if seconds else 2]
    if not text or closed_ms is None:
        return None
    candle: Candle = decode(text.encode(), Candle)
    return candle if candle.open_ms > int(closed_ms) else None
