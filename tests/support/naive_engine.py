"""A matching engine that is obviously right and slow: the whole of it, for every order type.

`apply` takes a command as a plain dictionary and returns the events, trades and book updates
that are expected, as plain dictionaries too.
"""

from typing import NamedTuple

from tests.support import naive_rules
from tests.support.naive_book import Fields, NaiveMarket, NaiveOrder
from tests.support.naive_matching import NaiveMatching


class Expected(NamedTuple):
    events: list[Fields]
    trades: list[Fields]
    update: Fields | None


class NaiveEngine(NaiveMatching):
    def apply(self, command: Fields, offset: int, at_ms: int) -> Expected:
        self.now, self.offset = max(self.now, at_ms), offset
        self._forget()
        self.events = []
        self.trades = []
        self.matches_left, self.activations_left = self.most_matches, self.most_activations
        self.cause = command.get("order_id", 0)
        self.asked_as = command.get("client_cancel_id", "")
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
        asker = {name: command[name] for name in command if name == "by_user_id"}
        if kind in handlers:
            handlers[kind](command)
        elif kind == "ClaimPartition":
            self.claim = (self.offset, command["engine_id"])
            self._say(
                kind="PartitionClaimed", symbol=symbol, engine_id=self.claim[1], epoch=self.offset
            )
        elif kind != "Tick" and market is None:
            self._say(kind="CommandRejected", symbol=symbol, refusal="UNKNOWN_SYMBOL", **asker)
        elif kind == "HaltMarket" and market is not None:
            market.halted = True
            self._say(kind="MarketHalted", symbol=symbol, reason=command["reason"], **asker)
        elif kind == "ResumeMarket" and market is not None:
            market.halted = False
            self._say(kind="MarketResumed", symbol=symbol, **asker)
        elif kind == "SetBand" and market is not None:
            self._set_band(command, market, asker)
        elif kind == "RestoreBand" and market is not None:
            market.operator_band = None
            self._say(kind="BandSet", symbol=symbol, **asker)

    def _set_band(self, command: Fields, market: NaiveMarket, asker: Fields) -> None:
        symbol = command["symbol"]
        figures = [command[name] for name in command if name.endswith(("ppm", "ticks"))]
        crossed = any(command[f"{s}_down_ppm"] > command[f"{s}_up_ppm"] for s in ("bid", "ask"))
        if crossed or min(figures) < 0:
            self._say(kind="CommandRejected", symbol=symbol, refusal="INVALID_ORDER", **asker)
        else:
            if command["by_operator"]:
                market.operator_band = command
            else:
                market.configured_band = command
            told = market.operator_band or {}
            names = [name for name in told if name.endswith(("ppm", "ticks"))]
            more = {"operator_band": {name: told[name] for name in names}} if told else {}
            self._say(kind="BandSet", symbol=symbol, **more, **asker)

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
