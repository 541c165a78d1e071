"""Everything an engine knows, as plain values: what a snapshot holds and the state hash covers.

Both are made of the same parts, so a hash cannot forget what a snapshot remembers. What is not
captured is derived: levels, links between orders, indexes. Pure.
"""

import gc
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from operator import attrgetter
from typing import Final, TypeVar

from contracts.orders import Side
from matching.engine import Engine
from matching.known_orders import KnownOrders
from matching.market import Market
from matching.order import Order
from matching.parts import (
    MARKET_FIELDS,
    BuriedAtPart,
    ClosedAtPart,
    ClosedPart,
    EnginePart,
    MarketPart,
    OrdersPart,
    Part,
    QueuePart,
    SavedOrder,
    StopsPart,
    TombstonesPart,
    TriggeredPart,
    encode_part,
)

ROWS: Final = 1_000
"""So many rows a part: small enough that other work of the process comes in between."""

T = TypeVar("T")

_order_values: Final = attrgetter(*SavedOrder.__struct_fields__)
_market_values: Final = attrgetter(*MARKET_FIELDS)


def capture(engine: Engine) -> list[Part]:
    """A copy that later commands do not touch: some 100 ms for 100,000 live orders."""
    collecting = gc.isenabled()
    gc.disable()  # it would walk all that lives several times for the sake of these copies
    try:
        return list(_parts(engine))
    finally:
        if collecting:
            gc.enable()


def _parts(engine: Engine) -> Iterator[Part]:
    known, markets = engine.orders, engine.markets.values()
    yield EnginePart(engine.next_offset, engine.epoch, engine.engine_id, known.now_ms)
    for market in markets:
        yield MarketPart(market.expiries.swept_ms, *_market_values(market))
    for orders in _cut([_saved(order) for order in known.live.values()]):
        yield OrdersPart(orders)
    for market in markets:
        symbol, stops = market.symbol, market.stops
        for side in (market.book.bids, market.book.asks):
            for ids in _cut([order.order_id for order in side.in_priority()]):
                yield QueuePart(symbol, ids)
        for ids in _cut([key[2] for key in (*stops.rising, *stops.falling)]):
            yield StopsPart(symbol, ids)
        for waiting in _cut([_turn(order, known) for order in market.triggered]):
            yield TriggeredPart(symbol, waiting)
    ids_of_closed, states = _cut(list(known.closed)), _cut(list(known.closed.values()))
    for ids, final in zip(ids_of_closed, states, strict=True):
        yield ClosedPart(ids, final)
    yield from map(ClosedAtPart, _cut(list(known.closed_at)))
    yield from map(TombstonesPart, _cut(sorted(known.tombstones)))
    yield from map(BuriedAtPart, _cut(list(known.buried_at)))


def rebuild(parts: Iterable[Part]) -> Engine:
    """An engine that goes on as the captured one would have.

    Raises:
        ValueError: a part contradicts itself.
        KeyError: an order or a market is named that no part holds.
    """
    engine = Engine()
    known = engine.orders
    for part in parts:
        if isinstance(part, EnginePart):
            engine.next_offset, engine.epoch = part.next_offset, part.epoch
            engine.engine_id, known.now_ms = part.engine_id, part.now_ms
        elif isinstance(part, MarketPart):
            engine.markets[part.symbol] = _market(part)
        elif isinstance(part, OrdersPart):
            for saved in part.orders:
                _enlist(_order(saved), engine)
        elif isinstance(part, ClosedPart):
            known.closed.update(zip(part.order_ids, part.orders, strict=True))
        elif isinstance(part, ClosedAtPart):
            known.closed_at.extend(part.rows)
        elif isinstance(part, TombstonesPart):
            known.tombstones.update(part.order_ids)
        elif isinstance(part, BuriedAtPart):
            known.buried_at.extend(part.rows)
        else:
            _put_in_place(part, engine.markets[part.symbol], known.live)
    return engine


def _enlist(order: Order, engine: Engine) -> None:
    market = engine.markets[order.symbol]
    engine.orders.live[order.order_id] = order
    market.users.setdefault(order.user_id, set()).add(order.order_id)
    if order.expires_at_ms:
        market.expiries.add(order)


def _put_in_place(
    part: QueuePart | StopsPart | TriggeredPart, market: Market, live: dict[int, Order]
) -> None:
    if isinstance(part, TriggeredPart):
        market.triggered.extend(
            live[item] if isinstance(item, int) else _order(item) for item in part.orders
        )
        return
    place = market.book.rest if isinstance(part, QueuePart) else market.stops.add
    for order_id in part.order_ids:
        place(live[order_id])


def state_hash(engine: Engine) -> str:
    """32 hex digits over all that a snapshot would hold; two engines after one log agree.

    It takes about a second for a million ids.
    """
    digest = new_state_digest()
    for part in capture(engine):
        digest.update(encode_part(part))
    return digest.hexdigest()


def new_state_digest() -> blake2b:
    """To be fed with every encoded part, in order."""
    return blake2b(digest_size=16)


def _saved(order: Order) -> SavedOrder:
    return SavedOrder(*_order_values(order))


def _turn(order: Order, known: KnownOrders) -> int | SavedOrder:
    alive = known.live.get(order.order_id) is order
    return order.order_id if alive else _saved(order)


def _cut(rows: list[T]) -> Iterator[tuple[T, ...]]:
    for first in range(0, len(rows), ROWS):
        yield tuple(rows[first : first + ROWS])


def _market(part: MarketPart) -> Market:
    market = Market(part.symbol, part.base, part.quote, part.tick_e8, part.lot_e8)
    for name in MARKET_FIELDS:
        setattr(market, name, getattr(part, name))
    market.hold_band(part.configured_band, operator=part.operator_band)
    market.expiries.swept_ms = part.swept_ms
    return market


def _order(saved: SavedOrder) -> Order:
    order = Order.__new__(Order)
    for name in SavedOrder.__struct_fields__:
        setattr(order, name, getattr(saved, name))
    order.is_buy = saved.side is Side.BUY
    order.level = order.previous = order.next = None
    return order
