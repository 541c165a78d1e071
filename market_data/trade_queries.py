"""Trades and aggregate trades as clients ask for them: by id, by time, or the newest."""

from typing import Any, Final

from redis.asyncio import Redis

from contracts.topology import HISTORY_FRESH_KEY, HISTORY_KEY, aggregate_trades_key, trades_key
from market_data.errors import HistoryUnavailable
from market_data.history_store import WHOLE
from market_data.records import AggregateTrade, Trade
from market_data.trade_log import aggregate_from, trade_from

TIME_MAX_MS: Final = 1 << 45  # in the year 3084: a script's numbers hold it exactly
# Ids and times rise together, so the entry of a time is found among the ids by halving.
_BY_TIME: Final = """
local state = redis.call('EXISTS', KEYS[1]) == 1 and redis.call('HGET', KEYS[2], 'state')
if state ~= ARGV[1] then
  return {state}
end
local start_ms, end_ms, limit = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local function parts(entry)
  local id, at_ms = string.match(entry[1], '(%d+)-(%d+)')
  return tonumber(id), tonumber(at_ms)
end
local oldest = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)[1]
local newest = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
if not oldest then
  return {state, {}}
end
local function first_from(wanted_ms)
  local low, high = parts(oldest), parts(newest) + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    local id, at_ms = parts(redis.call('XRANGE', KEYS[3],
        string.format('%d', middle), '+', 'COUNT', 1)[1])
    if at_ms < wanted_ms then low = id + 1 else high = middle end
  end
  return low
end
local last = string.format('(%d-0', first_from(end_ms + 1))
if start_ms < 0 then
  return {state, redis.call('XREVRANGE', KEYS[3], last, '-', 'COUNT', limit)}
end
local first = string.format('%d', first_from(start_ms))
return {state, redis.call('XRANGE', KEYS[3], first, last, 'COUNT', limit)}
"""


class TradeQueries:
    """Raises HistoryUnavailable while the history is being rebuilt or nobody keeps it current,
    and redis.exceptions.RedisError where Redis is away. Only the newest TRADES_KEPT are there."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._by_time = redis.register_script(_BY_TIME)

    async def trades(self, symbol: str, *, from_id: int | None, limit: int) -> list[Trade]:
        """The first from this id on, or the newest, in the order of their ids."""
        entries = await self._entries(symbol, trades_key(symbol), from_id, limit)
        return [trade_from(symbol, entry) for entry in entries]

    async def aggregate_trades(
        self,
        symbol: str,
        *,
        from_id: int | None = None,
        start_ms: int | None = None,
        end_ms: int | None = None,
        limit: int = 500,
    ) -> list[AggregateTrade]:
        """The first from this id or this time on, else the newest; `end_ms` is included."""
        key = aggregate_trades_key(symbol)
        if start_ms is None and end_ms is None:
            entries = await self._entries(symbol, key, from_id, limit)
        else:
            entries = await self._between(symbol, key, start_ms, end_ms, limit)
        return [aggregate_from(symbol, entry) for entry in entries]

    async def _entries(self, symbol: str, key: str, from_id: int | None, limit: int) -> list[Any]:
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.exists(HISTORY_FRESH_KEY)
            pipeline.hget(HISTORY_KEY, "state")
            if from_id is None:
                pipeline.xrevrange(key, count=limit)
            else:
                pipeline.xrange(key, min=str(from_id), count=limit)
            is_fresh, state, entries = await pipeline.execute()
        if not is_fresh or state != WHOLE:
            raise HistoryUnavailable(symbol)
        return entries[::-1] if from_id is None else list(entries)

    async def _between(
        self, symbol: str, key: str, start_ms: int | None, end_ms: int | None, limit: int
    ) -> list[Any]:
        start = -1 if start_ms is None else min(start_ms, TIME_MAX_MS)
        end = TIME_MAX_MS if end_ms is None else min(end_ms, TIME_MAX_MS)
        state, *answer = await self._by_time(
            keys=[HISTORY_FRESH_KEY, HISTORY_KEY, key], args=[WHOLE, start, end, limit]
        )
        if state != WHOLE:
            raise HistoryUnavailable(symbol)
        entries = [(entry_id, {fields[0]: fields[1]}) for entry_id, fields in answer[0]]
        return entries[::-1] if start < 0 else entries
