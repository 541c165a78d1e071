"""One market inside the engine: its book, its counters, and how executions become money. Pure.

Money is counted in units of 0.00000001 (`_e8`). Commissions are rounded down, here and nowhere
else: the trade carries the result.
"""

from collections import deque

from contracts.amounts import E8
from contracts.matching import (
    BookUpdated,
    EngineEvent,
    MatchPrevented,
    OrderFilled,
    TradeExecuted,
)
from contracts.orders import OrderStatus, SelfTradePrevention
from matching.bands import PPM, Band
from matching.expiries import Expiries
from matching.order import Order
from matching.order_book import BookSide, OrderBook
from matching.stops import Stops


class Market:
    """A symbol's facts, book and counters, and its live orders by what they wait for.

    `halted` holds the reason, None while open. `last_ticks` is the price of the last trade, 0
    before there is one. `band` is the one that holds: the operator's, else the configured one.
    `triggered` are conditional orders whose price has come and that wait for their turn, first
    come first served; who has ended meanwhile is passed over. `users` holds the ids of each
    user's live orders.
    """

    __slots__ = (
        "band",
        "base",
        "book",
        "book_seq",
        "configured_band",
        "expiries",
        "halted",
        "last_ticks",
        "lot_e8",
        "operator_band",
        "prevented_match_id",
        "quote",
        "stops",
        "symbol",
        "tick_e8",
        "trade_id",
        "triggered",
        "unit_e8",
        "users",
    )

    def __init__(self, symbol: str, base: str, quote: str, tick_e8: int, lot_e8: int) -> None:
        self.symbol = symbol
        self.base = base
        self.quote = quote
        self.tick_e8 = tick_e8
        self.lot_e8 = lot_e8
        self.unit_e8 = tick_e8 * lot_e8 // E8
        self.book = OrderBook()
        self.trade_id = 0
        self.book_seq = 0
        self.halted: str | None = None
        self.last_ticks = 0
        self.prevented_match_id = 0
        self.hold_band(None, operator=None)
        self.stops = Stops()
        self.triggered: deque[Order] = deque()
        self.expiries = Expiries()
        self.users: dict[int, set[int]] = {}

    @property
    def last_price(self) -> int:
        """The last trade's price in ticks, or until then the band's reference, or 0."""
        return self.last_ticks or (0 if self.band is None else self.band.reference_ticks)

    def hold_band(self, configured: Band | None, *, operator: Band | None) -> None:
        """An operator's band stands above the configured one for as long as there is one."""
        self.configured_band = configured
        self.operator_band = operator
        self.band = configured if operator is None else operator

    def due_ms(self, now_ms: int) -> int | None:
        """When time alone changes something here: the present where triggered orders wait."""
        if self.triggered and self.halted is None:
            return now_ms
        return self.expiries.first_ms

    def execute(
        self,
        taker: Order,
        maker: Order,
        lots: int,
        events: list[EngineEvent],
        trades: list[TradeExecuted],
        *,
        caused_by: int,
        completes: bool = False,
    ) -> None:
        """Account for one match: the taker's fill, the maker's fill, and the trade.

        `completes` tells that a taker by value has what it can get with this one.
        """
        price = self.last_ticks = maker.price
        quote_e8 = price * lots * self.unit_e8
        taker_fee = self._fill(taker, lots, quote_e8, taker.taker_fee_ppm)
        maker_fee = self._fill(maker, lots, quote_e8, maker.maker_fee_ppm)
        if taker.by_value:
            taker.quantity = taker.filled
            taker.status = OrderStatus.FILLED if completes else OrderStatus.PARTIALLY_FILLED
        if taker.is_buy:
            buyer, buyer_fee, seller, seller_fee = taker, taker_fee, maker, maker_fee
        else:
            buyer, buyer_fee, seller, seller_fee = maker, maker_fee, taker, taker_fee
        self.trade_id += 1
        trade = TradeExecuted(
            symbol=self.symbol,
            base=self.base,
            quote=self.quote,
            trade_id=self.trade_id,
            price_ticks=price,
            quantity_lots=lots,
            price_e8=price * self.tick_e8,
            quantity_e8=lots * self.lot_e8,
            quote_e8=quote_e8,
            buyer_order_id=buyer.order_id,
            buyer_user_id=buyer.user_id,
            buyer_filled_lots=buyer.filled,
            buyer_commission_e8=buyer_fee,
            # What is left of a value is not fixed before the order has ended.
            buyer_refund_e8=0 if buyer.by_value else (buyer.price - price) * lots * self.unit_e8,
            buyer_is_maker=buyer is maker,
            seller_order_id=seller.order_id,
            seller_user_id=seller.user_id,
            seller_filled_lots=seller.filled,
            seller_commission_e8=seller_fee,
            buyer_reservation_id=buyer.reservation_id,
            seller_reservation_id=seller.reservation_id,
        )
        trades.append(trade)
        events.append(_filled(taker, trade, taker_fee, caused_by, is_maker=False))
        events.append(_filled(maker, trade, maker_fee, caused_by, is_maker=True))

    def _fill(self, order: Order, lots: int, quote_e8: int, fee_ppm: int) -> int:
        """Add one execution to the order's figures; returns its commission."""
        received_e8 = lots * self.lot_e8 if order.is_buy else quote_e8
        commission_e8 = received_e8 * fee_ppm // PPM
        order.sequence += 1
        order.filled += lots
        order.filled_quote_e8 += quote_e8
        order.commission_e8 += commission_e8
        order.status = (
            OrderStatus.FILLED if order.filled == order.quantity else OrderStatus.PARTIALLY_FILLED
        )
        return commission_e8

    def prevent(self, taker: Order, maker: Order, taker_lots: int) -> MatchPrevented:
        """Record that two orders of one user did not trade. `taker_lots`: what it wanted."""
        self.prevented_match_id += 1
        mode = taker.self_trade_prevention
        return MatchPrevented(
            symbol=self.symbol,
            prevented_match_id=self.prevented_match_id,
            user_id=taker.user_id,
            taker_order_id=taker.order_id,
            maker_order_id=maker.order_id,
            mode=mode,
            price_ticks=maker.price,
            taker_prevented_lots=0 if mode is SelfTradePrevention.EXPIRE_MAKER else taker_lots,
            maker_prevented_lots=0
            if mode is SelfTradePrevention.EXPIRE_TAKER
            else maker.quantity - maker.filled,
        )

    def book_update(self, bids: dict[int, int], asks: dict[int, int]) -> BookUpdated | None:
        """The next update of the display book, or None where nothing changed.

        The arguments tell what each touched level showed before, by price, in lots.
        """
        book = self.book
        changed_bids = self._changed(book.bids, bids) if bids else ()
        changed_asks = self._changed(book.asks, asks) if asks else ()
        if not changed_bids and not changed_asks:
            return None
        self.book_seq += 1
        return BookUpdated(
            symbol=self.symbol,
            book_seq=self.book_seq,
            bids=changed_bids,
            asks=changed_asks,
        )

    def _changed(self, side: BookSide, before: dict[int, int]) -> tuple[tuple[int, int], ...]:
        """(price, quantity) of the touched levels that show another quantity, best first."""
        tick_e8, lot_e8, levels = self.tick_e8, self.lot_e8, side.levels
        prices = sorted(before, reverse=side.sign > 0) if len(before) > 1 else before
        changed = []
        for price in prices:
            level = levels.get(price)
            lots = 0 if level is None else level.quantity
            if lots != before[price]:
                changed.append((price * tick_e8, lots * lot_e8))
        return tuple(changed)


def _filled(
    order: Order, trade: TradeExecuted, commission_e8: int, caused_by: int, *, is_maker: bool
) -> OrderFilled:
    return OrderFilled(
        symbol=order.symbol,
        order_id=order.order_id,
        user_id=order.user_id,
        sequence=order.sequence,
        caused_by=caused_by,
        status=order.status,
        quantity_lots=order.quantity,
        filled_lots=order.filled,
        filled_quote_e8=order.filled_quote_e8,
        commission_e8=order.commission_e8,
        trade_id=trade.trade_id,
        price_ticks=trade.price_ticks,
        last_lots=trade.quantity_lots,
        last_quote_e8=trade.quote_e8,
        last_commission_e8=commission_e8,
        side=order.side,
        is_maker=is_maker,
    )
