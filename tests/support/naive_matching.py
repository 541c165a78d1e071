"""How orders meet and end in the naive engine: the part that makes events and trades."""

from tests.support.naive_book import Fields, NaiveBook, NaiveMarket, NaiveOrder


class NaiveMatching:
    """All that the naive engine knows; `cause` is the order whose command is at work."""

    def __init__(
        self, *, window_ms: int, matches: int, activations: int, expiries: int, cancels: int
    ) -> None:
        self.window_ms = window_ms
        self.most_matches, self.most_activations = matches, activations
        self.most_expiries, self.most_cancels = expiries, cancels
        self.now = 0
        self.markets: dict[str, NaiveMarket] = {}
        self.orders: dict[int, NaiveOrder] = {}  # live, and closed within the window
        self.buried: dict[int, int] = {}  # id → when
        self.queue: dict[str, list[int]] = {}  # triggered, by symbol
        self.claim = (-1, "")
        self.offset = 0
        self.cause = 0
        self.asked_as = ""  # what the user calls the cancel
        self.matches_left = self.activations_left = 0
        self.events: list[Fields] = []
        self.trades: list[Fields] = []

    def in_market(self, symbol: str) -> list[NaiveOrder]:
        return [o for o in self.orders.values() if o.live and o.terms["symbol"] == symbol]

    def book(self, symbol: str) -> NaiveBook:
        return NaiveBook(self.markets[symbol], self.in_market(symbol))

    # Matching

    def _enter(self, order: NaiveOrder) -> None:
        symbol = order.terms["symbol"]
        book, when, granted = self.book(symbol), order.terms["time_in_force"], self.matches_left
        if when == "FOK" and not book.would_fill(order, granted):
            self._end(order, "EXPIRED", "UNFILLED_FOK_ORDER_EXPIRED")
            return
        last_fill: Fields | None = None
        prevented = False
        while self.matches_left and not prevented and book.crosses(order):
            maker = book.opposite(order)[0]
            wanted = book.affordable(order, maker.price)
            if not wanted:
                break
            self.matches_left -= 1
            mode = order.terms["self_trade_prevention"]
            if mode != "NONE" and maker.terms["user_id"] == order.terms["user_id"]:
                self._prevent(order, maker, wanted, mode)
                prevented = mode != "EXPIRE_MAKER"
            else:
                last_fill = self._trade(book, order, maker, min(wanted, maker.shown))
            book = self.book(symbol)
        if prevented:
            self._end(order, "EXPIRED_IN_MATCH", "SELF_TRADE_PREVENTION")
        elif order.by_value:
            self._end_by_value(book, order, last_fill)
        elif order.left:
            self._rest_or_end(book, order, granted)

    def _rest_or_end(self, book: NaiveBook, order: NaiveOrder, granted: int) -> None:
        symbol, when = order.terms["symbol"], order.terms["time_in_force"]
        if not self.matches_left and book.crosses(order):
            if granted < self.most_matches:
                order.place = "QUEUE"
                self.queue[symbol].insert(0, order.id)
            else:
                self._end(order, "EXPIRED", "TOO_MANY_MATCHES")
        elif order.takes_any_price:
            beyond = "EXECUTION_RULE_PRICE_RANGE_EXCEEDED"
            self._end(
                order, "EXPIRED", beyond if book.opposite(order) else "INSUFFICIENT_LIQUIDITY"
            )
        elif when == "IOC":
            self._end(order, "EXPIRED", "UNFILLED_IOC_QUANTITY_EXPIRED")
        else:
            book.show(order)

    def _end_by_value(self, book: NaiveBook, order: NaiveOrder, last_fill: Fields | None) -> None:
        makers, unit = book.opposite(order), book.market.unit_e8
        left = order.terms["quote_e8"] - order.quote_e8
        if last_fill is not None:
            next_price = makers[0].price if makers else last_fill["price_ticks"]
            if left < next_price * unit:
                last_fill["status"] = order.status = "FILLED"
                order.closed_at = self.now
                return
        lots = order.terms["budget_e8"] // book.market.facts["lot_e8"] - order.filled
        if not order.buys and not lots:
            reason = "BUDGET_SPENT"
        elif not makers:
            reason = "INSUFFICIENT_LIQUIDITY"
        elif not order.accepts(makers[0].price):
            reason = "EXECUTION_RULE_PRICE_RANGE_EXCEEDED"
        else:
            reason = "BUDGET_SPENT" if self.matches_left else "TOO_MANY_MATCHES"
        self._end(order, "EXPIRED", reason)

    def _trade(self, book: NaiveBook, taker: NaiveOrder, maker: NaiveOrder, lots: int) -> Fields:
        market, price = book.market, maker.price
        quote = lots * price * market.unit_e8
        market.trades += 1
        market.last = price
        book.give(maker, lots)
        taker.filled += lots
        if taker.by_value:
            taker.quantity = taker.filled
        fees = {}
        for order, rate in ((taker, "taker_fee_ppm"), (maker, "maker_fee_ppm")):
            received = lots * market.facts["lot_e8"] if order.buys else quote
            fees[order.id] = received * order.terms[rate] // 1_000_000
            order.quote_e8 += quote
            order.commission_e8 += fees[order.id]
            order.sequence += 1
            full = not order.left and not order.by_value
            order.status = "FILLED" if full else "PARTIALLY_FILLED"
            order.closed_at = self.now
        buyer, seller = (taker, maker) if taker.buys else (maker, taker)
        self.trades.append(
            {
                "type": "TradeExecuted",
                "symbol": market.facts["symbol"],
                "base": market.facts["base"],
                "quote": market.facts["quote"],
                "trade_id": market.trades,
                "price_ticks": price,
                "quantity_lots": lots,
                "price_e8": price * market.facts["tick_e8"],
                "quantity_e8": lots * market.facts["lot_e8"],
                "quote_e8": quote,
                "buyer_order_id": buyer.id,
                "buyer_user_id": buyer.terms["user_id"],
                "buyer_filled_lots": buyer.filled,
                "buyer_commission_e8": fees[buyer.id],
                "buyer_refund_e8": 0
                if buyer.by_value
                else (buyer.price - price) * lots * market.unit_e8,
                "buyer_is_maker": buyer is maker,
                "seller_order_id": seller.id,
                "seller_user_id": seller.terms["user_id"],
                "seller_filled_lots": seller.filled,
                "seller_commission_e8": fees[seller.id],
                "buyer_reservation_id": buyer.terms["reservation_id"],
                "seller_reservation_id": seller.terms["reservation_id"],
            }
        )
        for order in (taker, maker):
            self._tell(
                order,
                self.cause,
                kind="OrderFilled",
                trade_id=market.trades,
                price_ticks=price,
                last_lots=lots,
                last_quote_e8=quote,
                last_commission_e8=fees[order.id],
                side=order.terms["side"],
                is_maker=order is maker,
            )
        taker_fill = self.events[-2]
        self._end_sibling(maker, "EXPIRED", self.cause)
        return taker_fill

    def _prevent(self, taker: NaiveOrder, maker: NaiveOrder, wanted: int, mode: str) -> None:
        market = self.markets[taker.terms["symbol"]]
        market.prevented += 1
        self._say(
            kind="MatchPrevented",
            symbol=market.facts["symbol"],
            prevented_match_id=market.prevented,
            user_id=taker.terms["user_id"],
            taker_order_id=taker.id,
            maker_order_id=maker.id,
            mode=mode,
            price_ticks=maker.price,
            taker_prevented_lots=wanted if mode in ("EXPIRE_TAKER", "EXPIRE_BOTH") else 0,
            maker_prevented_lots=maker.left if mode in ("EXPIRE_MAKER", "EXPIRE_BOTH") else 0,
        )
        if mode != "EXPIRE_TAKER":
            self._end(maker, "EXPIRED_IN_MATCH", "SELF_TRADE_PREVENTION")

    # Ends and events

    def _end(
        self, order: NaiveOrder, status: str, reason: str | None = None, cause: int | None = None
    ) -> None:
        order.status, order.reason, order.place = status, reason, "NOWHERE"
        order.closed_at = self.now
        order.sequence += 1
        caused_by = self.cause if cause is None else cause
        asked = {"client_cancel_id": self.asked_as}
        named = asked if self.asked_as and status == "CANCELLED" else {}
        self._tell(order, caused_by, kind="OrderCancelled", reason=reason, **named)
        self._end_sibling(order, "CANCELLED" if status == "CANCELLED" else "EXPIRED", caused_by)

    def _end_sibling(self, order: NaiveOrder, status: str, caused_by: int) -> None:
        if order.sibling:
            other = self.orders[order.sibling]
            order.sibling = other.sibling = 0
            reason = None if status == "CANCELLED" else "OCO_TRIGGER"
            self._end(other, status, reason, caused_by)

    def _report(self, order: NaiveOrder) -> None:
        self._tell(
            order,
            order.id,
            kind="OrderStatusReported",
            refusal=order.refusal,
            working=order.working or not order.live,
            reason=order.reason,
        )

    def _no_order(self, kind: str, symbol: str, order_id: int) -> None:
        self._say(kind=kind, symbol=symbol, order_id=order_id, refusal="UNKNOWN_ORDER")

    def _tell(self, order: NaiveOrder, caused_by: int, *, kind: str, **more: object) -> None:
        self._say(
            kind=kind,
            symbol=order.terms["symbol"],
            order_id=order.id,
            user_id=order.terms["user_id"],
            sequence=order.sequence,
            caused_by=caused_by,
            status=order.status,
            quantity_lots=order.quantity,
            filled_lots=order.filled,
            filled_quote_e8=order.quote_e8,
            commission_e8=order.commission_e8,
            **more,
        )

    def _say(self, *, kind: str, **fields: object) -> None:
        self.events.append({"type": kind, **fields})
