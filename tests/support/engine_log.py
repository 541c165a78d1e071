"""A log that feeds one engine, and events in the short form that tests compare."""

from contracts.matching import EngineCommand, MatchPrevented, OrderCancelled, OrderEvent
from matching.engine import CLOSED_WINDOW_MS, Engine
from matching.outcome import Outcome
from matching.step import Limits
from tests.support.engine_commands import SYMBOL, add_symbol


class EngineLog:
    """Feeds an engine, one offset after the other; its market is open. Time is `now_ms`."""

    def __init__(
        self, *, limits: Limits | None = None, closed_window_ms: int = CLOSED_WINDOW_MS
    ) -> None:
        self.engine = Engine(limits=limits, closed_window_ms=closed_window_ms)
        self.offset = 0
        self.now_ms = 1_000
        self.send(add_symbol())

    def send(self, command: EngineCommand) -> Outcome:
        outcome = self.engine.apply(command, self.offset, self.now_ms)
        self.offset += 1
        return outcome

    def all(self, *commands: EngineCommand) -> list[Outcome]:
        """Send several; returns what each did."""
        return [self.send(command) for command in commands]

    def bids(self, symbol: str = SYMBOL) -> dict[int, int]:
        """Price → lots shown."""
        levels = self.engine.markets[symbol].book.bids.levels
        return {price: level.quantity for price, level in levels.items()}

    def asks(self, symbol: str = SYMBOL) -> dict[int, int]:
        """Price → lots shown."""
        levels = self.engine.markets[symbol].book.asks.levels
        return {price: level.quantity for price, level in levels.items()}


def brief(outcome: Outcome) -> list[tuple[str, int, int, str, int]]:
    """Each order event as (kind, order, sequence, status, filled lots)."""
    return [
        (type(e).__name__, e.order_id, e.sequence, e.status.value, e.filled_lots)
        for e in outcome.events
        if isinstance(e, OrderEvent)
    ]


def told(outcome: Outcome) -> list[str]:
    """Each event as `kind order status [reason]`, the kinds without their `Order`."""
    lines = []
    for event in outcome.events:
        kind = type(event).__name__.removeprefix("Order")
        if isinstance(event, MatchPrevented):
            lines.append(f"{kind} {event.taker_order_id} {event.maker_order_id}")
        elif isinstance(event, OrderEvent):
            reason = getattr(event, "reason", None) or getattr(event, "refusal", None)
            line = f"{kind} {event.order_id} {event.status.value}"
            lines.append(f"{line} {reason}" if reason else line)
        else:
            refusal = getattr(event, "refusal", "")
            lines.append(f"{kind} {refusal}".strip())
    return lines


def traded(outcome: Outcome) -> list[tuple[int, int, int]]:
    """Each trade as (maker, price in ticks, lots)."""
    return [
        (
            t.buyer_order_id if t.buyer_is_maker else t.seller_order_id,
            t.price_ticks,
            t.quantity_lots,
        )
        for t in outcome.trades
    ]


def ending(outcome: Outcome, order_id: int) -> OrderCancelled:
    """The event that ended an order unfilled."""
    (event,) = [
        e for e in outcome.events if isinstance(e, OrderCancelled) and e.order_id == order_id
    ]
    return event
