"""The display copies in Redis: hashes of the book, the last price, the frames."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError
from redis.typing import EncodableT, FieldT

from contracts.amounts import e8_text
from contracts.message import encode
from contracts.topology import (
    ALL_MARKETS,
    DISPLAY_FRESH_KEY,
    frames_key,
    last_price_key,
    order_book_key,
    order_book_meta_key,
    stream_states_key,
    ticker_key,
)
from market_data.book_copy import BookChange
from market_data.frame_log import NONE, Entry, EntryId, State, id_text, parse_id
from market_data.market import MarketUpdate
from market_data.told import Told

ENTRIES: Final = 4_096  # about so many stay in a stream


class DisplayStore:
    """Writes updates all at once, or not at all."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def told(self) -> dict[str, Told]:
        """Symbol → how far its frames have told, for every market that Redis shows.

        Raises:
            redis.exceptions.RedisError: Redis is away.
        """
        found: dict[str, Told] = {}
        prefix, suffix = order_book_meta_key("\n").split("\n")
        async for key in self._redis.scan_iter(match=order_book_meta_key("*"), count=1_000):
            told = Told.from_fields(cast("dict[str, str]", await self._redis.hgetall(key)))
            if told is not None:
                found[key.removeprefix(prefix).removesuffix(suffix)] = told
        return found

    async def last_entries(self, markets: Collection[str]) -> dict[str, EntryId]:
        """The ids of the last frames in Redis; (0, 0) where there are none.

        Raises:
            redis.exceptions.RedisError: Redis is away.
        """
        async with self._redis.pipeline(transaction=False) as pipeline:
            for market in markets:
                pipeline.xrevrange(frames_key(market), count=1)
            answers = await pipeline.execute()
        return {
            market: parse_id(entries[0][0]) if entries else NONE
            for market, entries in zip(markets, answers, strict=True)
        }

    async def write(
        self, updates: Sequence[MarketUpdate], entries: Sequence[Entry] = (), *, fresh_ms: int
    ) -> set[str]:
        """Bring Redis forward in one transaction; `entries` are frames of several markets, and
        for `fresh_ms` from then on readers may be shown what is there.

        Returns the symbols that are not where their update begins; then nothing was written.
        A copy that vanishes in between is noticed too: its meta key is watched.

        Raises:
            redis.exceptions.RedisError: Redis is away; what was written is unknown.
        """
        metas = {update.symbol: order_book_meta_key(update.symbol) for update in updates}
        async with self._redis.pipeline(transaction=True) as pipeline:
            if metas:
                await pipeline.watch(*metas.values())
            misfits: set[str] = set()
            for update in updates:
                if update.change.follows is not None:
                    at = await pipeline.hmget(metas[update.symbol], "book_seq", "entry")
                    if at != [str(update.change.follows), id_text(update.follows_entry)]:
                        misfits.add(update.symbol)
            if misfits:
                return misfits
            pipeline.multi()  # type: ignore[no-untyped-call]
            for update in updates:
                _queue(pipeline, update)
            _queue_entries(pipeline, ALL_MARKETS, entries)
            if fresh_ms:
                pipeline.set(DISPLAY_FRESH_KEY, 1, px=fresh_ms)
            try:
                await pipeline.execute()
            except WatchError:
                return set(metas)
        return set()


def _queue(pipeline: Pipeline, update: MarketUpdate) -> None:
    change = update.change
    if change.follows == change.book_seq and not update.entries:
        return  # nothing but a check
    _queue_levels(pipeline, change)
    best = update.best
    pipeline.hset(
        order_book_meta_key(change.symbol),
        mapping=_fields(
            {
                "book_seq": str(change.book_seq),
                "offset": str(change.offset),
                "bid_price": e8_text(best.bid[0]),
                "bid_quantity": e8_text(best.bid[1]),
                "ask_price": e8_text(best.ask[0]),
                "ask_quantity": e8_text(best.ask[1]),
                "entry": id_text(update.last_entry),
                **update.told.fields(),
            }
        ),
    )
    if update.price is not None:
        pipeline.set(last_price_key(change.symbol), update.price)
    if update.day is not None:
        pipeline.set(ticker_key(change.symbol), encode(update.day))
    _queue_entries(pipeline, change.symbol, update.entries)
    _queue_states(pipeline, change.symbol, update.states)


def _queue_levels(pipeline: Pipeline, change: BookChange) -> None:
    for side, levels in (("bids", change.bids), ("asks", change.asks)):
        key = order_book_key(change.symbol, side)
        if change.follows is None:
            pipeline.delete(key)
        present = {price: quantity for price, quantity in levels.items() if quantity is not None}
        if present:
            pipeline.hset(key, mapping=_fields(present))
        if len(present) < len(levels):
            pipeline.hdel(key, *(price for price in levels if price not in present))


def _queue_entries(pipeline: Pipeline, market: str, entries: Sequence[Entry]) -> None:
    for entry in entries:
        pipeline.xadd(
            frames_key(market),
            _fields(entry.frames),
            id=id_text(entry.entry_id),
            maxlen=ENTRIES,
            approximate=True,
        )


def _queue_states(pipeline: Pipeline, symbol: str, states: Mapping[str, State]) -> None:
    if states:
        texts = {name: f"{id_text(one.entry_id)} {one.payload}" for name, one in states.items()}
        pipeline.hset(stream_states_key(symbol), mapping=_fields(texts))


def _fields(texts: dict[str, str]) -> dict[FieldT, EncodableT]:
    return cast("dict[FieldT, EncodableT]", texts)
