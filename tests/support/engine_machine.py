"""The engine and the naive one, fed the same commands, compared whole after every step."""

from typing import Any
from uuid import UUID

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contracts.matching import ClaimPartition, EngineCommand, SubmitOrder
from contracts.orders import OrderType, SelfTradePrevention, Side, TimeInForce
from matching.engine import Engine
from matching.order_book import BookSide
from matching.outcome import Outcome
from matching.step import Limits
from tests.support.engine_commands import (
    LOT_E8,
    TICK_E8,
    add_symbol,
    amend,
    cancel,
    cancel_all,
    halt,
    resume,
    set_band,
    submit,
    submit_list,
    tick,
)
from tests.support.engine_invariants import Watch
from tests.support.naive_engine import NaiveEngine

A, B = "BTCUSDT", "ETHUSDT"
LIMITS = Limits(matches=6, activations=2, expiries=1, cancels=3)  # so small that they are reached
WINDOW_MS = 150

SYMBOLS = st.sampled_from((A, A, A, A, A, A, B))
SIDES = st.sampled_from(Side)
PRICES = st.integers(1, 12)
DISTANCES = st.integers(0, 4).map(lambda distance: distance or -1)
LOTS = st.integers(1, 9)
USERS = st.integers(1, 3)
MODES = st.sampled_from((SelfTradePrevention.NONE, *SelfTradePrevention))
WAITS = st.sampled_from((0, 0, 0, 1, 1, 2, 5, 40, 200))
BACK = st.integers(-1, 15)  # which order is meant: so many before the last, or not yet there
LIMIT_TERMS = st.sampled_from(
    (
        *[(OrderType.LIMIT, TimeInForce.GTC)] * 4,
        (OrderType.LIMIT, TimeInForce.IOC),
        *[(OrderType.LIMIT, TimeInForce.FOK)] * 2,
        *[(OrderType.LIMIT, TimeInForce.GTD)] * 2,
        (OrderType.LIMIT_MAKER, TimeInForce.GTC),
        (OrderType.MARKET, TimeInForce.GTC),
        (OrderType.MARKET, TimeInForce.IOC),
    )
)
STOP_TERMS = st.sampled_from(
    [
        (kind, when)
        for kind in OrderType
        if kind.conditional
        for when in TimeInForce
        if not kind.takes_any_price or when in (TimeInForce.GTC, TimeInForce.IOC)
    ]
)
TAKER_TERMS = st.sampled_from(
    (
        (OrderType.LIMIT, TimeInForce.GTC),
        (OrderType.LIMIT, TimeInForce.IOC),
        (OrderType.LIMIT, TimeInForce.FOK),
        (OrderType.MARKET, TimeInForce.GTC),
    )
)
# Each a step away from the price (from 3 on an iceberg), lots, user.
MAKERS = st.lists(st.tuples(st.integers(0, 5), LOTS, USERS), min_size=2, max_size=5)
# What one field is changed to, so that an order makes no sense, or only just.
FLAWS = st.sampled_from(
    (
        {"price_ticks": 0},
        {"price_ticks": 10**13},
        {"quantity_lots": 0},
        {"quantity_lots": -1},
        {"quantity_lots": 10**16},
        {"budget_e8": 1},
        {"maker_fee_ppm": 1_000_001},
        {"taker_fee_ppm": -1},
        {"quote_e8": 100},
        {"quote_e8": -100},
        {"stop_ticks": 5},
        {"stop_ticks": -1},
        {"iceberg_lots": 3},
        {"iceberg_lots": -1},
        {"expires_at_ms": 1},
        {"expires_at_ms": -1},
        {"reservation_id": -1},
        {"order_type": OrderType.MARKET, "time_in_force": TimeInForce.FOK},
        {"order_type": OrderType.LIMIT_MAKER, "time_in_force": TimeInForce.IOC},
        {"accepted_at_ms": 0},
        {"symbol": "NOPE"},
    )
)


class EngineAgainstNaive(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine(closed_window_ms=WINDOW_MS, limits=LIMITS)
        self.naive = NaiveEngine(window_ms=WINDOW_MS, **LIMITS._asdict())
        self.log: list[tuple[EngineCommand, int]] = []
        self.now = 1_000
        self.ids = 0
        self.watch = Watch()
        for symbol in (A, B):
            self.send(add_symbol(symbol))

    def send(self, command: EngineCommand, wait: int = 0) -> Outcome:
        self.now += wait
        offset = len(self.log)
        self.log.append((command, self.now))
        outcome = self.engine.apply(command, offset, self.now)
        expected = self.naive.apply(plain(command), offset, self.now)
        assert [plain(event) for event in outcome.events] == expected.events
        assert [plain(trade) for trade in outcome.trades] == expected.trades
        update = None if outcome.update is None else plain(outcome.update)
        assert update == expected.update
        self.watch.see(command, outcome)
        return outcome

    def fresh_id(self) -> int:
        self.ids += 1
        return self.ids

    def terms(self, user: int, stp: SelfTradePrevention, symbol: str) -> dict[str, Any]:
        return {"user_id": user, "stp": stp, "symbol": symbol, "accepted_at_ms": self.now}

    @rule(
        side=SIDES,
        price=PRICES,
        lots=LOTS,
        terms=LIMIT_TERMS,
        user=USERS,
        stp=MODES,
        extra=st.integers(0, 12),
        symbol=SYMBOLS,
    )
    def submits(
        self,
        *,
        side: Side,
        price: int,
        lots: int,
        terms: tuple[OrderType, TimeInForce],
        user: int,
        stp: SelfTradePrevention,
        extra: int,
        symbol: str,
    ) -> None:
        kind, when = terms
        iceberg = (
            1 + extra % 3
            if when is TimeInForce.GTC and kind is not OrderType.MARKET and extra < 5
            else 0
        )
        expires = self.now + extra * 4 if when is TimeInForce.GTD else 0
        order = submit(
            self.fresh_id(),
            side,
            price,
            lots,
            order_type=kind,
            tif=when,
            iceberg=min(iceberg, lots),
            expires_at_ms=expires,
            **self.terms(user, stp, symbol),
        )
        self.send(order, extra % 2)

    @rule(side=SIDES, price=PRICES, makers=MAKERS)
    def makers_come(self, side: Side, price: int, makers: list[tuple[int, int, int]]) -> None:
        """Several small orders at and behind one price, for takers to meet."""
        away = -1 if side is Side.BUY else 1
        for step, lots, user in makers:
            terms = self.terms(user, SelfTradePrevention.EXPIRE_TAKER, A)
            at = max(1, price + away * (step % 3))
            iceberg = 1 if step > 2 else 0
            order = submit(self.fresh_id(), side, at, lots, iceberg=iceberg, **terms)
            self.send(order)

    @rule(side=SIDES, lots=st.integers(5, 40), terms=TAKER_TERMS, user=USERS, stp=MODES)
    def takes_much(
        self,
        side: Side,
        lots: int,
        terms: tuple[OrderType, TimeInForce],
        user: int,
        stp: SelfTradePrevention,
    ) -> None:
        kind, when = terms
        price = 3 + lots % 9
        more = self.terms(user, stp, A)
        self.send(submit(self.fresh_id(), side, price, lots, order_type=kind, tif=when, **more))

    @rule(side=SIDES, bound=PRICES, value=st.integers(1, 400), user=USERS, stp=MODES)
    def spends_a_value(
        self, side: Side, bound: int, value: int, user: int, stp: SelfTradePrevention
    ) -> None:
        order = submit(
            self.fresh_id(),
            side,
            bound,
            0,
            order_type=OrderType.MARKET,
            quote_e8=value,
            budget_e8=value if side is Side.BUY else (1 + value % 20) * LOT_E8,
            **self.terms(user, stp, A),
        )
        self.send(order)

    def beside_last(self, side: Side, kind: OrderType, distance: int) -> int:
        """A price so far from the last one, where such an order waits for it."""
        rises = (side is Side.BUY) == kind.name.startswith("STOP_LOSS")
        last = self.engine.markets[A].last_price or 6
        return max(1, last + (distance if rises else -distance))

    @rule(
        side=SIDES,
        slack=st.integers(-2, 3),
        distance=DISTANCES,
        lots=LOTS,
        terms=STOP_TERMS,
        user=USERS,
        stp=MODES,
    )
    def waits_for_a_price(
        self,
        *,
        side: Side,
        slack: int,
        distance: int,
        lots: int,
        terms: tuple[OrderType, TimeInForce],
        user: int,
        stp: SelfTradePrevention,
    ) -> None:
        kind, when = terms
        stop = self.beside_last(side, kind, distance)
        order = submit(
            self.fresh_id(),
            side,
            max(1, stop + (slack if side is Side.BUY else -slack)),
            lots,
            order_type=kind,
            tif=when,
            stop=stop,
            expires_at_ms=self.now + 10 * lots if when is TimeInForce.GTD else 0,
            **self.terms(user, stp, A),
        )
        self.send(order)

    @rule(
        side=SIDES,
        goal=DISTANCES,
        distance=DISTANCES,
        lots=LOTS,
        user=USERS,
        odd=st.integers(0, 39),
    )
    def lists(
        self, *, side: Side, goal: int, distance: int, lots: int, user: int, odd: int
    ) -> None:
        kinds = (OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT, *[OrderType.LIMIT_MAKER] * 2)
        kind, stop_kind = kinds[odd % 4], (OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT)[odd % 2]
        price = self.beside_last(side, OrderType.TAKE_PROFIT, goal)
        stop = self.beside_last(side, stop_kind, distance)
        first = self.fresh_id()
        terms = self.terms(user, SelfTradePrevention.NONE, A)
        other_stop = 0 if kind is OrderType.LIMIT_MAKER else price
        legs = [
            submit(first, side, price, lots, order_type=kind, stop=other_stop, **terms),
            submit(
                first if odd == 39 else self.fresh_id(),
                side,
                stop,
                lots,
                order_type=stop_kind,
                stop=stop,
                reservation_id=first,
                **terms,
            ),
        ]
        if odd == 38:
            legs[1] = msgspec.structs.replace(legs[1], user_id=9)
        if odd % 3 == 0:
            legs.reverse()
        self.send(submit_list(0 if odd == 37 else first, legs[0], legs[1]))

    @rule(side=SIDES, price=PRICES, lots=LOTS, terms=LIMIT_TERMS, flaw=FLAWS)
    def submits_with_a_flaw(
        self,
        side: Side,
        price: int,
        lots: int,
        terms: tuple[OrderType, TimeInForce],
        flaw: dict[str, Any],
    ) -> None:
        expires = self.now + 50 if terms[1] is TimeInForce.GTD else 0
        order: SubmitOrder = submit(
            self.fresh_id(),
            side,
            price,
            lots,
            order_type=terms[0],
            tif=terms[1],
            expires_at_ms=expires,
            **self.terms(1, SelfTradePrevention.NONE, A),
        )
        self.send(msgspec.structs.replace(order, **flaw))

    @rule(back=BACK, wait=WAITS)
    def cancels(self, back: int, wait: int) -> None:
        self.send(cancel(max(1, self.ids - back), symbol=B if back == 0 else A), wait)

    @rule(back=BACK, lots=st.integers(0, 8))
    def amends(self, back: int, lots: int) -> None:
        self.send(amend(max(1, self.ids - back), lots))

    @rule(user=USERS, symbol=SYMBOLS)
    def cancels_all(self, user: int, symbol: str) -> None:
        self.send(cancel_all(user, symbol=symbol))

    @rule(back=st.integers(1, 30), wait=WAITS)
    def repeats_a_command(self, back: int, wait: int) -> None:
        self.send(self.log[-min(back, len(self.log))][0], wait)

    @rule(wait=WAITS, symbol=st.sampled_from((A, B, "*")))
    def lets_time_pass(self, wait: int, symbol: str) -> None:
        self.send(tick(symbol), wait)

    @rule(
        reference=st.integers(-1, 12),
        width=st.sampled_from((-1, 300_000, 1_000_000, 9_000_000, 9_000_000)),
        kind=st.integers(0, 9),
    )
    def administers(self, reference: int, width: int, kind: int) -> None:
        up, down = 1_000_000 + width, max(0, 1_000_000 - width)
        symbol = "NOPE" if width < 0 else A
        claim = ClaimPartition(command_id=UUID(int=9), symbol="*", engine_id=str(reference))
        band = set_band(reference, bid_up=up, bid_down=down, ask_up=2 * up, ask_down=down // 2)
        commands = (band, band, halt(symbol), *[resume(symbol)] * 6, claim)
        self.send(commands[kind])

    @invariant()
    def books_agree(self) -> None:
        for symbol, market in self.engine.markets.items():
            book, naive = market.book, self.naive.book(symbol)
            for side, name in ((book.bids, "BUY"), (book.asks, "SELL")):
                resting = naive.resting(name)
                assert [(o.order_id, o.price, o.shown, o.hidden) for o in side.in_priority()] == [
                    (o.id, o.price, o.shown, o.left - o.shown) for o in resting
                ]
                levels = naive.levels(name)
                assert {level.price: level.quantity for level in side.levels.values()} == levels
                assert self.watch.displayed(symbol, name, TICK_E8, LOT_E8) == levels
                assert side.best is best_of(side)
            facts = (market.last_ticks, market.trade_id, market.book_seq)
            known = self.naive.markets[symbol]
            assert facts == (known.last, known.trades, known.updates)
            assert market.halted is None or known.halted

    @invariant()
    def orders_agree(self) -> None:
        known = self.naive.orders
        live = {i: (o.status, o.remaining, o.working) for i, o in self.engine.live.items()}
        assert live == {i: (o.status, o.left, o.working) for i, o in known.items() if o.live}
        closed = {i: (o.status, o.filled, o.reason) for i, o in self.engine.closed.items()}
        assert closed == {i: (o.status, o.filled, o.reason) for i, o in known.items() if not o.live}
        assert self.engine.tombstones == set(self.naive.buried)
        assert not self.engine.live.keys() & self.engine.closed.keys()
        assert (self.engine.epoch, self.engine.engine_id) == self.naive.claim
        self.watch.check_live(self.engine.live.keys())

    @invariant()
    def time_wants_the_same(self) -> None:
        dues = [due for s in self.naive.markets if (due := self.naive.due(s)) is not None]
        dates = [o.terms["expires_at_ms"] for o in self.naive.orders.values() if o.live]
        assert self.engine.next_expiry_ms() == min(
            (*dues, *(date for date in dates if date)), default=None
        )

    def teardown(self) -> None:
        """The same log gives the same bytes."""
        replayed = Engine(closed_window_ms=WINDOW_MS, limits=LIMITS)
        for offset, (command, at_ms) in enumerate(self.log):
            self.watch.compare(offset, replayed.apply(command, offset, at_ms))


def plain(message: Any) -> dict[str, Any]:
    """A message as a plain dictionary, without the version that all messages share."""
    fields: dict[str, Any] = msgspec.to_builtins(message)
    fields.pop("schema_version")
    for name, value in fields.items():
        if name in ("bids", "asks"):
            fields[name] = [list(level) for level in value]
    return fields


def best_of(side: BookSide) -> object:
    """The level with the greatest key, searched for."""
    return max(side.levels.values(), key=lambda level: level.key, default=None)
