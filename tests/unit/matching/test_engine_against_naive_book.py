"""The engine and an obviously right one, step by step, on commands that hypothesis invents."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from contracts.matching import EngineCommand, OrderEvent
from contracts.message import encode
from contracts.orders import OrderStatus, Side
from matching.engine import Engine
from matching.state import state_hash
from tests.support.engine_commands import (
    LOT_E8,
    SYMBOL,
    TICK_E8,
    UNIT_E8,
    add_symbol,
    cancel,
    halt,
    resume,
    submit,
)
from tests.support.naive_book import NaiveBook

ORDER_IDS = st.integers(1, 40)  # few, so that duplicates and early cancels are common
PRICES = st.integers(0, 12)
LOTS = st.integers(0, 9)
RATES = st.sampled_from((0, 750, 1000, 333_333))


class EngineAgainstNaiveBook(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine()
        self.naive = NaiveBook(lot_e8=LOT_E8, unit_e8=UNIT_E8)
        self.commands: list[EngineCommand] = []
        self.trades: list[tuple[int, int, int, int]] = []
        self.sequences: dict[int, int] = {}
        self.display: dict[str, dict[int, int]] = {"BUY": {}, "SELL": {}}
        self.output = b""
        self._send(add_symbol())

    def _send(self, command: EngineCommand) -> None:
        outcome = self.engine.apply(command, len(self.commands), 1_000 + len(self.commands))
        self.commands.append(command)
        self.output += encode(outcome)
        for event in outcome.events:
            if isinstance(event, OrderEvent) and type(event).__name__ != "OrderStatusReported":
                assert event.sequence == self.sequences.get(event.order_id, 0) + 1
                self.sequences[event.order_id] = event.sequence
        for trade in outcome.trades:
            assert trade.trade_id == len(self.trades) + 1
            sides = (trade.seller_order_id, trade.buyer_order_id)
            maker, taker = sides[::-1] if trade.buyer_is_maker else sides
            self.trades.append((taker, maker, trade.price_ticks, trade.quantity_lots))
        if outcome.update is not None:
            for side, changes in (("BUY", outcome.update.bids), ("SELL", outcome.update.asks)):
                assert len({price for price, _ in changes}) == len(changes)
                for price_e8, quantity_e8 in changes:
                    self.display[side][price_e8 // TICK_E8] = quantity_e8 // LOT_E8

    @rule(
        order_id=ORDER_IDS,
        side=st.sampled_from(Side),
        price=PRICES,
        lots=LOTS,
        short=st.integers(0, 20).map(lambda n: n == 0),
        maker=RATES,
        taker=RATES,
    )
    def submits(
        self,
        *,
        order_id: int,
        side: Side,
        price: int,
        lots: int,
        short: bool,
        maker: int,
        taker: int,
    ) -> None:
        needed = price * lots * UNIT_E8 if side is Side.BUY else lots * LOT_E8
        budget = needed - 1 if short else needed
        self._send(
            submit(
                order_id,
                side,
                price,
                lots,
                budget_e8=budget,
                maker_ppm=maker,
                taker_ppm=taker,
                user_id=order_id % 5,
            )
        )
        self.naive.submit(
            order_id,
            side=side.value,
            price=price,
            quantity=lots,
            budget_e8=budget,
            maker_ppm=maker,
            taker_ppm=taker,
        )

    @rule(order_id=ORDER_IDS)
    def cancels(self, order_id: int) -> None:
        self._send(cancel(order_id))
        self.naive.cancel(order_id)

    @rule(halted=st.integers(0, 3).map(lambda n: n == 0))
    def halts_or_resumes(self, halted: bool) -> None:
        self._send(halt() if halted else resume())
        self.naive.halted = halted

    @invariant()
    def books_agree(self) -> None:
        book = self.engine.markets[SYMBOL].book
        for side, name in ((book.bids, "BUY"), (book.asks, "SELL")):
            assert [(o.order_id, o.price, o.remaining) for o in side.in_priority()] == [
                (o.order_id, o.price, o.remaining) for o in self.naive.resting(name)
            ]
            levels = {level.price: level.quantity for level in side.levels.values()}
            assert levels == self.naive.levels(name)
            assert {p: q for p, q in self.display[name].items() if q} == levels
        bids, asks = self.naive.levels("BUY"), self.naive.levels("SELL")
        assert not (bids and asks) or max(bids) < min(asks)

    @invariant()
    def trades_agree(self) -> None:
        assert self.trades == self.naive.trades

    @invariant()
    def orders_agree(self) -> None:
        live = {
            i: (o.sequence, o.status.value, o.filled, o.filled_quote_e8, o.commission_e8)
            for i, o in self.engine.live.items()
        }
        closed = {
            i: (o.sequence, o.status.value, o.filled, o.filled_quote_e8, o.commission_e8)
            for i, o in self.engine.closed.items()
            if o.status is not OrderStatus.REJECTED
        }
        assert live | closed == {
            i: (o.sequence, o.status, o.filled, o.quote_e8, o.commission_e8)
            for i, o in self.naive.orders.items()
        }
        refused = {
            i: str(o.refusal)
            for i, o in self.engine.closed.items()
            if o.status is OrderStatus.REJECTED
        }
        assert refused == self.naive.refused
        assert self.engine.tombstones == self.naive.buried - self.naive.refused.keys()

    def teardown(self) -> None:
        """The same log gives the same bytes and the same state."""
        replayed, output = Engine(), b""
        for offset, command in enumerate(self.commands):
            output += encode(replayed.apply(command, offset, 1_000 + offset))
        assert output == self.output
        assert state_hash(replayed) == state_hash(self.engine)


TestEngineAgainstNaiveBook = EngineAgainstNaiveBook.TestCase
TestEngineAgainstNaiveBook.settings = settings(
    max_examples=500,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
