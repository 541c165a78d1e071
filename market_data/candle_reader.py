"""Candles out of Redis: closed ones from the time series, the open ones beside them."""

from typing import Final

import msgspec
from redis.asyncio import Redis

from contracts.message import decode
from contracts.streams import Interval
from contracts.topology import HISTORY_FRESH_KEY, HISTORY_KEY, market_history_key
from market_data.candle_series import candle_from, series_keys
from market_data.errors import HistoryUnavailable
from market_data.history_store import WHOLE
from market_data.intervals import LENGTHS_MS
from market_data.records import Candle

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


class CandleReader:
    """Reads what `HistoryWriter` writes."""

    def __init__(self, redis: Redis) -> None:
        self._read = redis.register_script(_READ)

    async def read(self, symbol: str, interval: Interval, start_ms: int, end_ms: int) -> Stored:
        """The candles of one length, all but the month, that open from `start_ms`, at least 1,
        to `end_ms`.

        Raises:
            HistoryUnavailable: the history is being rebuilt, or nobody keeps it current.
            redis.exceptions.RedisError: Redis is away.
        """
        keys = [
            HISTORY_FRESH_KEY,
            HISTORY_KEY,
            market_history_key(symbol),
            *series_keys(symbol, interval),
        ]
        state, *answer = await self._read(keys=keys, args=[WHOLE, max(start_ms, 1), max(end_ms, 1)])
        if state != WHOLE:
            raise HistoryUnavailable(symbol)
        written = answer[0]
        if not written:
            return NOTHING
        _, first, before, times, *texts = answer
        columns = [[int(float(value)) for value in text.split()] for text in texts]
        opens = [int(time) for time in times.split()]
        length = LENGTHS_MS[interval]
        return Stored(
            closed=[
                candle_from(open_ms, open_ms + length - 1, values)
                for open_ms, *values in zip(opens, *columns, strict=True)
            ],
            forming=_forming(written, seconds=interval is Interval.SECOND_1),
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
