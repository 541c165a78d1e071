"""What must hold of an engine's output whatever the commands were, watched from outside."""

from collections import defaultdict
from collections.abc import Iterable

from contracts.matching import (
    EngineCommand,
    MatchPrevented,
    OrderAccepted,
    OrderAmended,
    OrderEvent,
    OrderFilled,
    OrderRejected,
    OrderStatusReported,
    SubmitOrder,
    SubmitOrderList,
)
from contracts.message import encode
from contracts.orders import Side
from matching.outcome import Outcome


class Watch:
    """Follows every order and market by the published output alone."""

    def __init__(self) -> None:
        self.outputs: list[bytes] = []
        self.terms: dict[int, SubmitOrder] = {}
        self.last: dict[int, OrderEvent] = {}
        self.quantity: dict[int, int] = {}
        self.spent_e8: defaultdict[int, int] = defaultdict(int)
        self.trade_ids: defaultdict[str, int] = defaultdict(int)
        self.prevented_ids: defaultdict[str, int] = defaultdict(int)
        self.book_seqs: defaultdict[str, int] = defaultdict(int)
        self.display: defaultdict[tuple[str, str], dict[int, int]] = defaultdict(dict)

    def see(self, command: EngineCommand, outcome: Outcome) -> None:
        """Check one command's output against all that came before it."""
        self.outputs.append(encode(outcome))
        legs = command.legs if isinstance(command, SubmitOrderList) else (command,)
        for leg in legs:
            if isinstance(leg, SubmitOrder) and leg.order_id not in self.last:
                self.terms[leg.order_id] = leg
        for event in outcome.events:
            if isinstance(event, MatchPrevented):
                self.prevented_ids[event.symbol] += 1
                assert event.prevented_match_id == self.prevented_ids[event.symbol]
            elif isinstance(event, OrderEvent) and not isinstance(event, OrderStatusReported):
                self._see_order(event)
        for trade in outcome.trades:
            self.trade_ids[trade.symbol] += 1
            assert trade.trade_id == self.trade_ids[trade.symbol]
            assert trade.quote_e8 * 10**8 == trade.price_e8 * trade.quantity_e8
        if outcome.update is not None:
            update = outcome.update
            self.book_seqs[update.symbol] += 1
            assert update.book_seq == self.book_seqs[update.symbol]
            for side, changes in (("BUY", update.bids), ("SELL", update.asks)):
                self.display[update.symbol, side].update(changes)

    def _see_order(self, event: OrderEvent) -> None:
        order_id, before = event.order_id, self.last.get(event.order_id)
        if before is None or isinstance(event, OrderAccepted | OrderRejected):
            assert isinstance(event, OrderAccepted | OrderRejected)
            # An id that was forgotten may only come back as one that never traded.
            assert before is None or before.status.terminal
            assert event.sequence == 1
            self.spent_e8[order_id] = 0
        else:
            assert not before.status.terminal  # one terminal event an order, and the last
            assert event.sequence == before.sequence + 1
        if isinstance(event, OrderFilled) and before is not None:
            assert event.filled_lots == before.filled_lots + event.last_lots
            self._spend(event)
        elif before is not None and not isinstance(event, OrderAccepted | OrderRejected):
            assert event.filled_lots == before.filled_lots
        if isinstance(event, OrderAmended):
            assert before is not None
            assert event.filled_lots < event.quantity_lots < before.quantity_lots
        assert 0 <= event.filled_lots <= max(event.quantity_lots, 0)
        assert (event.status == "FILLED") <= (event.filled_lots == event.quantity_lots)
        self.last[order_id] = event

    def _spend(self, fill: OrderFilled) -> None:
        terms = self.terms[fill.order_id]
        buys = terms.side is Side.BUY
        self.spent_e8[fill.order_id] += fill.last_quote_e8 if buys else fill.last_lots * 1_000
        assert self.spent_e8[fill.order_id] <= terms.budget_e8
        within = fill.price_ticks <= terms.price_ticks if buys else True
        assert within
        assert buys or fill.price_ticks >= terms.price_ticks
        if terms.quote_e8:
            assert fill.filled_quote_e8 <= terms.quote_e8

    def displayed(self, symbol: str, side: str, tick_e8: int, lot_e8: int) -> dict[int, int]:
        """The display book that a reader of the updates holds; never crossed."""
        book = {
            price // tick_e8: lots // lot_e8
            for price, lots in self.display[symbol, side].items()
            if lots
        }
        bids = [price for price, lots in self.display[symbol, "BUY"].items() if lots]
        asks = [price for price, lots in self.display[symbol, "SELL"].items() if lots]
        assert not (bids and asks) or max(bids) < min(asks)
        return book

    def check_live(self, live: Iterable[int]) -> None:
        """The orders that have begun and not ended are those that are live."""
        assert set(live) == {i for i, event in self.last.items() if not event.status.terminal}

    def compare(self, offset: int, outcome: Outcome) -> None:
        """Another engine's output of the same log is the same, byte for byte."""
        assert encode(outcome) == self.outputs[offset]
