"""A live order as the engine keeps it. Pure."""

from typing import TYPE_CHECKING

from contracts.matching import SubmitOrder
from contracts.orders import OrderStatus, SelfTradePrevention, Side

if TYPE_CHECKING:
    from matching.order_book import Level


class Order:
    """A live order and its cumulative figures; its place in the queue while it rests.

    Prices are ticks, quantities lots, `_e8` units of 0.00000001. What is left of the quantity
    is `shown`, which the book counts, and `hidden`, the rest of an iceberg; the book lowers
    them as it matches, and the engine accounts for it in `filled` and the money. `working` is
    false until a conditional order is activated. `sibling` is the id of the other leg of its
    list, 0 where there is none (any more). `arrival` is the offset that brought it. `level` is
    None while the order does not rest.
    """

    __slots__ = (
        "arrival",
        "by_value",
        "commission_e8",
        "expires_at_ms",
        "filled",
        "filled_quote_e8",
        "hidden",
        "iceberg",
        "is_buy",
        "level",
        "list_id",
        "maker_fee_ppm",
        "next",
        "order_id",
        "order_type",
        "previous",
        "price",
        "quantity",
        "reservation_id",
        "self_trade_prevention",
        "sequence",
        "shown",
        "sibling",
        "side",
        "status",
        "stop",
        "symbol",
        "taker_fee_ppm",
        "time_in_force",
        "user_id",
        "working",
    )

    def __init__(self, command: SubmitOrder, arrival: int) -> None:
        self.symbol = command.symbol
        self.order_id = command.order_id
        self.user_id = command.user_id
        self.side = command.side
        self.is_buy = command.side is Side.BUY
        self.order_type = command.order_type
        self.time_in_force = command.time_in_force
        self.self_trade_prevention: SelfTradePrevention = command.self_trade_prevention
        self.price = command.price_ticks
        self.stop = command.stop_ticks
        self.quantity = self.shown = command.quantity_lots
        self.hidden = 0
        self.iceberg = command.iceberg_lots
        self.by_value = command.quote_e8 > 0
        self.maker_fee_ppm = command.maker_fee_ppm
        self.taker_fee_ppm = command.taker_fee_ppm
        self.expires_at_ms = command.expires_at_ms
        self.reservation_id = command.reservation_id
        self.list_id = 0
        self.sibling = 0
        self.arrival = arrival
        self.working = command.stop_ticks == 0
        self.filled = 0
        self.filled_quote_e8 = 0
        self.commission_e8 = 0
        self.sequence = 1
        self.status = OrderStatus.OPEN
        self.level: Level | None = None
        self.previous: Order | None = None
        self.next: Order | None = None

    @property
    def remaining(self) -> int:
        """Lots that may still trade, shown or not."""
        return self.shown + self.hidden
