"""One market inside the engine: its book, its counters, and how executions become money. Pure.

Money is counted in units of 0.00000001 (`_e8`). Commissions are rounded down, here and nowhere
else: the trade carries the result.
"""

from typing import Final

from contracts.amounts import E8
from contracts.matching import (
    BookUpdated,
    EngineEvent,
    OrderFilled,
    TradeExecuted,
)
from contracts.orders import OrderStatus
from matching.order_book import Order, OrderBook

PPM: Final = 1_000_000


class Market:
    """A symbol's facts, book and counters. `halted` holds the reason, None while open."""

    __slots__ = (
        "base",
        "book",
        "book_seq",
        "halted",
        "lot_e8",
        "quote",
        "symbol",
        "tick_e8",
        "trade_id",
        "unit_e8",
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

    def execute(
        self,
        taker: Order,
        maker: Order,
        lots: int,
        events: list[EngineEvent],
        trades: list[TradeExecuted],
    ) -> None:
        """Account for one match: the taker's fill, the maker's fill, and the trade."""
        price = maker.price
        quote_e8 = price * lots * self.unit_e8
        taker_fee = self._fill(taker, lots, quote_e8, taker.taker_fee_ppm)
        maker_fee = self._fill(maker, lots, quote_e8, maker.maker_fee_ppm)
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
            buyer_refund_e8=(buyer.price - price) * lots * self.unit_e8,
            buyer_is_maker=buyer is maker,
            seller_order_id=seller.order_id,
            seller_user_id=seller.user_id,
            seller_filled_lots=seller.filled,
            seller_commission_e8=seller_fee,
        )
        trades.append(trade)
        caused_by = taker.order_id
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

    def book_update(self, bids: list[tuple[int, int]], asks: list[tuple[int, int]]) -> BookUpdated:
        """The next update of the display book, from changed levels in (ticks, lots)."""
        self.book_seq += 1
        tick_e8, lot_e8 = self.tick_e8, self.lot_e8
        return BookUpdated(
            symbol=self.symbol,
            book_seq=self.book_seq,
            bids=tuple([(price * tick_e8, lots * lot_e8) for price, lots in bids]),
            asks=tuple([(price * tick_e8, lots * lot_e8) for price, lots in asks]),
        )


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
