"""Candles and trades for those who ask later: from the projector to Redis.

The log is the truth. What Redis loses is written again from the log's beginning; what it still
has is passed over.
"""

from collections.abc import Mapping, Sequence
from uuid import uuid4

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contracts.streams import Interval
from market_data.errors import HistoryLost
from market_data.history_pending import Pending, Position
from market_data.history_store import Forming, Generation, HistoryStore
from market_data.records import AggregateTrade, Candle, Trade

log = structlog.get_logger()


class _Market:
    """What is to be written of one market; `position` is None where it must be looked up."""

    def __init__(self) -> None:
        self.pending = Pending()
        self.position: Position | None = None
        self.forming: Forming | None = None
        self.last_trade_id = -1


class HistoryWriter:
    """Takes what happens and writes it where it is asked to. One process at a time.

    `begin`, then everything from the log's beginning with `flush` in between, or, where
    `go_on_from` says so, everything after that; then `complete`, then everything that follows
    with `flush`. Whenever `intact` is false: all over again.
    """

    def __init__(self, redis: Redis, symbols: Sequence[str]) -> None:
        self._store = HistoryStore(redis)
        self._symbols = tuple(symbols)
        self._markets: dict[str, _Market] = {}
        self._generation: Generation | None = None
        self._doubtful = False  # whether the last write took place is unknown
        self._rebuilding = True

    def take(self, trades: Sequence[Trade], aggregates: Sequence[AggregateTrade]) -> None:
        """One market's trades, at least one, and aggregate trades, in the order of their ids."""
        market = self._market(trades[0].symbol)
        market.pending.trades.extend(trades)
        market.pending.aggregates.extend(aggregates)
        market.last_trade_id = trades[-1].trade_id

    def close(self, symbol: str, interval: Interval, candle: Candle) -> None:
        """A closed candle of a second or a minute, each market's in order.

        Those without trades are passed over: readers fill them in.
        """
        if candle.trades:
            pending = self._market(symbol).pending
            seconds = interval is Interval.SECOND_1
            (pending.seconds if seconds else pending.minutes).append(candle)

    def form(self, symbol: str, candle_1m: Candle | None, candle_1s: Candle | None) -> None:
        """The candles still open, as they are now. None where there was no trade since."""
        self._market(symbol).forming = (candle_1m, candle_1s)

    def _market(self, symbol: str) -> _Market:
        market = self._markets.get(symbol)
        if market is None:
            market = self._markets[symbol] = _Market()
        return market

    async def begin(self) -> bool:
        """From here on everything comes again from the log's beginning.

        A whole history is added to and stays readable meanwhile, another is written anew; which
        of the two it is.

        Raises:
            redis.exceptions.RedisError: Redis is away.
        """
        found = await self._store.generation()
        if found is None or not found.whole:
            found = Generation(name=uuid4().hex, writes=0, whole=False)
            await self._store.begin(found.name)
        self._markets = {symbol: _Market() for symbol in self._symbols}
        self._generation, self._doubtful, self._rebuilding = found, False, True
        return found.whole

    async def go_on_from(self, written: Mapping[str, Position]) -> bool:
        """Whether it holds at least this of each market, so that only what follows need come.

        To be asked right after a `begin` that has found a whole history.

        Raises:
            redis.exceptions.RedisError: Redis is away; ask again.
        """
        if self._generation is None:
            return False
        for symbol, position in written.items():
            found = await self._store.position(symbol, self._generation.name)
            if not found.reaches(position):
                return False
        for symbol, position in written.items():
            self._market(symbol).last_trade_id = position.trade_id
        return True

    async def complete(self) -> None:
        """The log's end was reached: write the rest, and let the history be read.

        Raises:
            redis.exceptions.RedisError: Redis is away; ask again.
        """
        self._rebuilding = False
        await self.flush()
        if self._generation is None:
            return
        for symbol, market in self._markets.items():
            if market.position is None:
                market.position = await self._store.position(symbol, self._generation.name)
            if market.position.trade_id > market.last_trade_id:
                await self._lose(f"{symbol}: the history holds trades that the log does not")
                return
        await self._store.complete()

    async def flush(self) -> None:
        """Write what was taken, in bounded transactions. A no-op where the history is lost.

        While the log is replayed only minutes are written; what else is kept is bounded, and
        comes with `complete`.

        Raises:
            redis.exceptions.RedisError: Redis is away; nothing is lost, flush again.
        """
        if self._doubtful and not await self.intact():
            self._generation = None
        try:
            for symbol, market in self._markets.items():
                await self._write(symbol, market)
        except HistoryLost as error:
            await self._lose(str(error))
        except RedisError:
            self._doubtful = True
            for market in self._markets.values():
                market.position = None
            raise

    async def keep_fresh(self, for_ms: int) -> None:
        """What is written is all that there is: for so long readers may be shown it.

        Raises:
            redis.exceptions.RedisError: Redis is away.
        """
        await self._store.keep_fresh(for_ms)

    async def intact(self) -> bool:
        """Whether everything that was written is still there.

        Raises:
            redis.exceptions.RedisError: Redis is away.
        """
        if self._generation is None or any(m.pending.too_many for m in self._markets.values()):
            return False
        found = await self._store.generation()
        if found is None or found.name != self._generation.name:
            return False
        behind = found.writes - self._generation.writes
        if behind not in ({0, 1} if self._doubtful else {0}):
            return False
        self._generation, self._doubtful = found, False
        return True

    async def _write(self, symbol: str, market: _Market) -> None:
        while self._generation is not None:
            if market.position is None:
                market.position = await self._store.position(symbol, self._generation.name)
            portion = market.pending.portion(market.position, minutes_only=self._rebuilding)
            # The open candles come with the last of the closed ones, which they follow.
            waits = self._rebuilding or (portion is not None and not portion.last)
            forming = None if waits else market.forming
            if portion is None and forming is None:
                return
            await self._store.write(symbol, self._generation, portion, forming)
            self._generation = msgspec.structs.replace(
                self._generation, writes=self._generation.writes + 1
            )
            if portion is not None:
                market.position = portion.position
            if forming is not None:
                market.forming = None

    async def _lose(self, reason: str) -> None:
        log.warning("market_data.history_lost", reason=reason)
        self._generation = None
        await self._store.forget()
