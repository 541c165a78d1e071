"""What a snapshot is made of: frozen copies of the engine's attributes, and which are which.

`CAPTURED` and `DERIVED` list every attribute of every class that the engine is made of; a test
compares them with the classes, so that a new one cannot be forgotten. Pure.
"""

from typing import Final

import msgspec

from contracts.orders import OrderStatus, OrderType, SelfTradePrevention, Side, TimeInForce
from matching.bands import Band
from matching.engine import Engine
from matching.expiries import Expiries
from matching.known_orders import KnownOrders
from matching.market import Market
from matching.order import Order
from matching.order_book import BookSide, Level, OrderBook
from matching.outcome import ClosedOrder
from matching.price_index import SortedPriceIndex
from matching.step import Step
from matching.stops import Stops
from matching.taking import Spending


class SavedOrder(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A live order, field by field as `Order` has it."""

    symbol: str
    order_id: int
    user_id: int
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    self_trade_prevention: SelfTradePrevention
    price: int
    stop: int
    quantity: int
    shown: int
    hidden: int
    iceberg: int
    by_value: bool
    maker_fee_ppm: int
    taker_fee_ppm: int
    expires_at_ms: int
    reservation_id: int
    list_id: int
    sibling: int
    arrival: int
    working: bool
    filled: int
    filled_quote_e8: int
    commission_e8: int
    sequence: int
    status: OrderStatus


class EnginePart(msgspec.Struct, frozen=True, tag="engine", forbid_unknown_fields=True):
    next_offset: int
    epoch: int
    engine_id: str
    now_ms: int


class MarketPart(
    msgspec.Struct, frozen=True, tag="market", forbid_unknown_fields=True, omit_defaults=True
):
    """A market's facts and counters, as `Market` has them, and how far dates have passed.

    Without an operator's band it is written as before there were any: an older snapshot is
    read, and has the hash that it had.
    """

    swept_ms: int
    symbol: str
    base: str
    quote: str
    tick_e8: int
    lot_e8: int
    trade_id: int
    book_seq: int
    prevented_match_id: int
    last_ticks: int
    halted: str | None
    configured_band: Band | None = msgspec.field(name="band")
    operator_band: Band | None = None


class OrdersPart(msgspec.Struct, frozen=True, tag="orders", forbid_unknown_fields=True):
    """Live orders in the order in which the engine came to know them."""

    orders: tuple[SavedOrder, ...]


class QueuePart(msgspec.Struct, frozen=True, tag="queue", forbid_unknown_fields=True):
    """Orders that rest on one side of a book, in priority."""

    symbol: str
    order_ids: tuple[int, ...]


class StopsPart(msgspec.Struct, frozen=True, tag="stops", forbid_unknown_fields=True):
    """Orders that wait for their stop price."""

    symbol: str
    order_ids: tuple[int, ...]


class TriggeredPart(msgspec.Struct, frozen=True, tag="triggered", forbid_unknown_fields=True):
    """Orders that wait for their turn: ids, and whole orders where one has ended meanwhile."""

    symbol: str
    orders: tuple[int | SavedOrder, ...]


class ClosedPart(msgspec.Struct, frozen=True, tag="closed", forbid_unknown_fields=True):
    """Final states by order id, in the order in which they came about."""

    order_ids: tuple[int, ...]
    orders: tuple[ClosedOrder, ...]


class ClosedAtPart(msgspec.Struct, frozen=True, tag="closed_at", forbid_unknown_fields=True):
    rows: tuple[tuple[int, int], ...]  # (log time in ms, order id)


class TombstonesPart(msgspec.Struct, frozen=True, tag="tombstones", forbid_unknown_fields=True):
    order_ids: tuple[int, ...]


class BuriedAtPart(msgspec.Struct, frozen=True, tag="buried_at", forbid_unknown_fields=True):
    rows: tuple[tuple[int, int], ...]  # (log time in ms, order id)


Part = (
    EnginePart
    | MarketPart
    | OrdersPart
    | QueuePart
    | StopsPart
    | TriggeredPart
    | ClosedPart
    | ClosedAtPart
    | TombstonesPart
    | BuriedAtPart
)

MARKET_FIELDS: Final = tuple(f for f in MarketPart.__struct_fields__ if f != "swept_ms")

CAPTURED: Final[dict[type, frozenset[str]]] = {
    Engine: frozenset({"next_offset", "epoch", "engine_id", "markets", "orders"}),
    KnownOrders: frozenset({"now_ms", "live", "closed", "closed_at", "tombstones", "buried_at"}),
    Market: frozenset(MARKET_FIELDS) | {"book", "stops", "triggered", "expiries"},
    OrderBook: frozenset({"bids", "asks"}),
    Stops: frozenset({"rising", "falling"}),
    Expiries: frozenset({"swept_ms"}),
    Order: frozenset(SavedOrder.__struct_fields__),
}
DERIVED: Final[dict[type, frozenset[str]]] = {
    Engine: frozenset({"closed_window_ms", "limits"}),  # the code's own
    Market: frozenset({"band", "unit_e8", "users"}),
    BookSide: frozenset({"best", "index", "levels", "sign"}),
    Level: frozenset({"head", "key", "price", "quantity", "tail"}),
    SortedPriceIndex: frozenset({"_keys"}),
    Stops: frozenset({"size"}),
    Expiries: frozenset({"first_ms", "keys"}),
    Order: frozenset({"is_buy", "level", "next", "previous"}),
}
PASSING: Final[frozenset[type]] = frozenset({Step, Spending})
"""Classes whose objects live no longer than one command."""

_encoder: Final = msgspec.json.Encoder()
_decoder: Final[msgspec.json.Decoder[Part]] = msgspec.json.Decoder(Part)


def encode_part(part: Part) -> bytes:
    """One line of JSON, the same for the same part."""
    return _encoder.encode(part)


def decode_part(line: bytes) -> Part:
    """Raises msgspec.MsgspecError where the line is not a part of this version."""
    return _decoder.decode(line)
