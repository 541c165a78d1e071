"""The engine and the naive one, fed the same commands, compared whole after every step."""

from typing import Any

import msgspec
from hypothesis.stateful import RuleBasedStateMachine, invariant

from contracts.matching import EngineCommand
from matching.engine import Engine
from matching.order_book import BookSide
from matching.outcome import Outcome
from matching.step import Limits
from tests.support.engine_choices import (
    A,
    B,
)
from tests.support.engine_commands import (
    LOT_E8,
    TICK_E8,
    add_symbol,
)
from tests.support.engine_invariants import Watch
from tests.support.naive_engine import NaiveEngine

LIMITS = Limits(matches=6, activations=2, expiries=1, cancels=3)  # so small that they are reached
WINDOW_MS = 150


class EngineComparison(RuleBasedStateMachine):
    """Sends commands to both; what may be sent is a subclass's."""

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
        dues = [due for name in self.naive.markets if (due := self._wanted_ms(name)) is not None]
        assert self.engine.next_expiry_ms() == min(dues, default=None)

    def _wanted_ms(self, symbol: str) -> int | None:
        """The present where something waits already, else the next date, None without one.

        A date that has passed while triggered orders wait is no earlier than they: the present
        is when their market wants a tick, and one tick serves both.
        """
        due = self.naive.due(symbol)
        if due is not None:
            return due
        dates = [o.terms["expires_at_ms"] for o in self.naive.in_market(symbol)]
        return min((date for date in dates if date), default=None)

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
