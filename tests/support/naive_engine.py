"""A matching engine that is obviously right and slow: the whole of it, for every order type.

`apply` takes a command as a plain dictionary and returns the events, trades and book updates
that are expected, as plain dictionaries too.
"""

from typing import NamedTuple

from tests.support import naive_rules
from tests.support.naive_book import Fields, NaiveBook, NaiveMarket, NaiveOrder


class Expected(NamedTuple):
    events: list[Fields]
    trades: list[Fields]
    update: Fields | None


class NaiveEngine:
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

    def apply(self, command: Fields, offset: int, at_ms: int) -> Expected:
        self.now, self.offset = max(self.now, at_ms), offset
        self._forget()
        self.events: list[Fields] = []
        self.trades: list[Fields] = []
        self.matches_left, self.activations_left = self.most_matches, self.most_activations
        self.cause = command.get("order_id", 0)
        if command["type"] == "SubmitOrderList":
            self.cause = command["legs"][0]["order_id"]
        symbol = self._symbol_of(command)
        if symbol not in self.markets:
            self._carry_out(command, symbol)
            return Expected(self.events, self.trades, None)
        before = self._levels(symbol)
        self._expire_due(symbol)
        self._carry_out(command, symbol)
        self._activate(symbol)
        return Expected(self.events, self.trades, self._update(symbol, before))

    # Time and place

    def _forget(self) -> None:
        since = self.now - self.window_ms
        self.orders = {i: o for i, o in self.orders.items() if o.live or o.closed_at >= since}
        self.buried = {i: at for i, at in self.buried.items() if at >= since}

    def _symbol_of(self, command: Fields) -> str:
        symbol = str(command["symbol"])
        if command["type"] in ("CancelOrder", "AmendOrder"):
            order = self.orders.get(command["order_id"])
            return str(order.terms["symbol"]) if order is not None and order.live else symbol
        if command["type"] == "Tick" and self.due(symbol) is None:
            waiting = [(at, name) for name in self.markets if (at := self.due(name)) is not None]
            return min(waiting)[1] if waiting else symbol
        return symbol

    def due(self, symbol: str) -> int | None:
        """Since when time alone has something to do in a market, None where it has not."""
        market = self.markets.get(symbol)
        if market is None:
            return None
        if self.queue.get(symbol) and not market.halted:
            return self.now
        dates = [o.terms["expires_at_ms"] for o in self.in_market(symbol) if o.due(self.now)]
        return min(dates, default=None)

    def in_market(self, symbol: str) -> list[NaiveOrder]:
        return [o for o in self.orders.values() if o.live and o.terms["symbol"] == symbol]

    def book(self, symbol: str) -> NaiveBook:
        return NaiveBook(self.markets[symbol], self.in_market(symbol))

    def _levels(self, symbol: str) -> dict[str, dict[int, int]]:
        book = self.book(symbol)
        return {side: book.levels(side) for side in ("BUY", "SELL")}

    def _update(self, symbol: str, before: dict[str, dict[int, int]]) -> Fields | None:
        after, market = self._levels(symbol), self.markets[symbol]
        changed: dict[str, list[list[int]]] = {"BUY": [], "SELL": []}
        for side, found in changed.items():
            prices = sorted({*before[side], *after[side]}, reverse=side == "BUY")
            for price in prices:
                lots = after[side].get(price, 0)
                if lots != before[side].get(price, 0):
                    tick, lot = market.facts["tick_e8"], market.facts["lot_e8"]
                    found.append([price * tick, lots * lot])
        if not changed["BUY"] and not changed["SELL"]:
            return None
        market.updates += 1
        return {
            "type": "BookUpdated",
            "symbol": symbol,
            "book_seq": market.updates,
            "bids": changed["BUY"],
            "asks": changed["SELL"],
        }

    # Commands

    def _carry_out(self, command: Fields, symbol: str) -> None:
        handlers = {
            "SubmitOrder": self._submit,
            "SubmitOrderList": self._submit_list,
            "CancelOrder": self._cancel,
            "CancelAllOrders": self._cancel_all,
            "AmendOrder": self._amend,
            "AddSymbol": self._add_symbol,
        }
        kind, market = command["type"], self.markets.get(symbol)
        if kind in handlers:
            handlers[kind](command)
        elif kind == "ClaimPartition":
            self.claim = (self.offset, command["engine_id"])
            self._say(
                kind="PartitionClaimed", symbol=symbol, engine_id=self.claim[1], epoch=self.offset
            )
        elif kind != "Tick" and market is None:
            self._say(kind="CommandRejected", symbol=symbol, refusal="UNKNOWN_SYMBOL")
        elif kind == "HaltMarket" and market is not None:
            market.halted = True
            self._say(kind="MarketHalted", symbol=symbol, reason=command["reason"])
        elif kind == "ResumeMarket" and market is not None:
            market.halted = False
            self._say(kind="MarketResumed", symbol=symbol)
        elif kind == "SetBand" and market is not None:
            self._set_band(command, market)

    def _set_band(self, command: Fields, market: NaiveMarket) -> None:
        symbol = command["symbol"]
        figures = [command[name] for name in command if name.endswith(("ppm", "ticks"))]
        crossed = any(command[f"{s}_down_ppm"] > command[f"{s}_up_ppm"] for s in ("bid", "ask"))
        if crossed or min(figures) < 0:
            self._say(kind="CommandRejected", symbol=symbol, refusal="INVALID_ORDER")
        else:
            market.band = command
            self._say(kind="BandSet", symbol=symbol)

    def _add_symbol(self, command: Fields) -> None:
        symbol = command["symbol"]
        known = self.markets.setdefault(symbol, NaiveMarket(command))
        facts = ("base", "quote", "tick_e8", "lot_e8")
        if any(known.facts[name] != command[name] for name in facts):
            self._say(kind="CommandRejected", symbol=symbol, refusal="INVALID_ORDER")
        else:
            self._say(kind="MarketOpened", symbol=symbol)

    def _submit(self, terms: Fields) -> None:
        order_id, symbol = terms["order_id"], terms["symbol"]
        if order_id in self.orders:
            self._report(self.orders[order_id])
        elif order_id in self.buried:
            self._reject(terms, "TOMBSTONED")
        elif terms["accepted_at_ms"] < self.now - self.window_ms:
            self._say(kind="SubmitIndeterminate", symbol=symbol, order_id=order_id)
        elif (refusal := self._refusal(terms)) is not None:
            self._reject(terms, refusal)
        else:
            order = self._accept(terms)
            if order.working:
                self._enter(order)

    def _submit_list(self, command: Fields) -> None:
        legs = {leg["order_id"]: leg for leg in command["legs"]}
        buried = any(order_id in self.buried for order_id in legs)
        old = any(leg["accepted_at_ms"] < self.now - self.window_ms for leg in command["legs"])
        if any(order_id in self.orders for order_id in legs) or (old and not buried):
            for order_id, leg in legs.items():
                if order_id in self.orders:
                    self._report(self.orders[order_id])
                else:
                    name = leg["symbol"]
                    self._say(kind="SubmitIndeterminate", symbol=name, order_id=order_id)
            return
        known = command["symbol"] in self.markets
        if buried:
            refusal: str | None = "TOMBSTONED"
        elif known and not naive_rules.legs_fit(command):
            refusal = "INVALID_ORDER"
        else:
            refusals = [self._refusal(leg, command) for leg in command["legs"]]
            refusal = next((r for r in refusals if r is not None), None)
        if refusal is not None:
            for leg in legs.values():
                self._reject(leg, refusal)
            return
        one, other = (self._accept(leg, command["list_id"]) for leg in command["legs"])
        one.sibling, other.sibling = other.id, one.id
        for order in (one, other):
            if order.working:
                self.book(command["symbol"]).show(order)

    def _refusal(self, terms: Fields, listed: Fields | None = None) -> str | None:
        symbol = (listed or terms)["symbol"]
        if symbol not in self.markets:
            return "UNKNOWN_SYMBOL"
        book = self.book(symbol)
        resting = book.resting("BUY") + book.resting("SELL")
        return naive_rules.refusal(terms, self.markets[symbol], resting, self.now)

    def _accept(self, terms: Fields, list_id: int = 0) -> NaiveOrder:
        order = NaiveOrder(terms, self.offset, terms["quantity_lots"], list_id)
        if terms["stop_ticks"]:
            order.working, order.place = False, "STOPS"
        self.orders[order.id] = order
        self._tell(order, order.id, kind="OrderAccepted", working=order.working, list_id=list_id)
        return order

    def _reject(self, terms: Fields, refusal: str) -> None:
        order = NaiveOrder(terms, self.offset, terms["quantity_lots"], status="REJECTED")
        order.refusal, order.closed_at = refusal, self.now
        self.orders[order.id] = order
        self.buried.pop(order.id, None)
        self._tell(order, order.id, kind="OrderRejected", refusal=refusal)

    def _cancel(self, command: Fields) -> None:
        order_id = command["order_id"]
        order = self.orders.get(order_id)
        if order is None:
            self.buried.setdefault(order_id, self.now)
            self._no_order("CancelRejected", command["symbol"], order_id)
        elif order.live:
            self._end(order, "CANCELLED")
        else:
            self._report(order)

    def _cancel_all(self, command: Fields) -> None:
        symbol, user = command["symbol"], command["user_id"]
        mine = [o for o in self.in_market(symbol) if o.terms["user_id"] == user]
        if not mine:
            self._no_order("CancelRejected", symbol, 0)
        for order in sorted(mine, key=lambda o: o.id)[: self.most_cancels]:
            if order.live:
                self._end(order, "CANCELLED")

    def _amend(self, command: Fields) -> None:
        order, lots = self.orders.get(command["order_id"]), command["new_quantity_lots"]
        if order is None or not order.live:
            self._no_order("AmendRejected", command["symbol"], command["order_id"])
            return
        symbol = order.terms["symbol"]
        if order.list_id or lots > order.quantity or lots <= order.filled:
            name = "INVALID_AMENDMENT"
            self._say(kind="AmendRejected", symbol=symbol, order_id=order.id, refusal=name)
        elif lots == order.quantity:
            self._report(order)
        else:
            market = self.markets[symbol]
            each = order.price * market.unit_e8 if order.buys else market.facts["lot_e8"]
            freed = (order.quantity - lots) * each
            order.quantity = lots
            order.shown = min(order.shown, order.left)
            order.sequence += 1
            self._tell(order, order.id, kind="OrderAmended", freed_e8=freed)

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

    # Time and the last price

    def _expire_due(self, symbol: str) -> None:
        due = [o for o in self.in_market(symbol) if o.due(self.now)]
        for order in due:
            order.place = "NOWHERE"
        due.sort(key=lambda o: (o.terms["expires_at_ms"], o.id))
        told = 0
        for order in due:
            if order.live and told < self.most_expiries:
                told += 1
                self._end(order, "EXPIRED", "GOOD_TILL_DATE_REACHED", cause=0)

    def _activate(self, symbol: str) -> None:
        market, queue = self.markets[symbol], self.queue.setdefault(symbol, [])
        if market.halted:
            return
        self._queue_reached(symbol)
        while queue and self.matches_left and self.activations_left:
            order = self.orders.get(queue.pop(0))
            if order is None or order.place != "QUEUE":
                continue
            order.place = "NOWHERE"
            if not order.working:
                self.activations_left -= 1
                order.working = True
                order.sequence += 1
                self._tell(order, self.cause, kind="OrderTriggered")
                self._end_sibling(order, "EXPIRED", self.cause)
            self._enter(order)
            if order.place == "QUEUE":
                return
            self._queue_reached(symbol)

    def _queue_reached(self, symbol: str) -> None:
        last = self.markets[symbol].last_price
        if not last:
            return
        waiting = [o for o in self.in_market(symbol) if o.place == "STOPS" and o.reached(last)]
        waiting.sort(
            key=lambda o: (
                not o.waits_for_rise,
                o.terms["stop_ticks"] if o.waits_for_rise else -o.terms["stop_ticks"],
                o.arrival,
                o.id,
            )
        )
        for order in waiting:
            order.place = "QUEUE"
            self.queue[symbol].append(order.id)

    # Ends and events

    def _end(
        self, order: NaiveOrder, status: str, reason: str | None = None, cause: int | None = None
    ) -> None:
        order.status, order.reason, order.place = status, reason, "NOWHERE"
        order.closed_at = self.now
        order.sequence += 1
        caused_by = self.cause if cause is None else cause
        self._tell(order, caused_by, kind="OrderCancelled", reason=reason)
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
