"""What an entry of `orders.events` says to whoever sent its command. Pure."""

from typing import NamedTuple

from contracts.conversions import fill, order_state
from contracts.instruments import Instrument
from contracts.matching import (
    AmendRejected,
    AnyOrderEvent,
    CancelRejected,
    CommandRejected,
    OrderAmended,
    OrderEntry,
    OrderFilled,
    SubmitIndeterminate,
)
from contracts.orders import Fill, OrderState
from matching.errors import AnswerWithoutOrder

Submitted = tuple[OrderState, tuple[Fill, ...]]
"""An order's state after its own command, and the fills that this command brought it."""


class Amended(NamedTuple):
    """The order as it stands. `freed_e8` of its budget is no longer needed, in units of
    0.00000001; None where the present state is told again, without saying what was freed."""

    state: OrderState
    freed_e8: int | None


def submitted(
    entry: OrderEntry, order_id: int, instrument: Instrument
) -> Submitted | SubmitIndeterminate:
    """The answer to a submit, or to one leg of a list.

    Raises:
        AnswerWithoutOrder: the entry says nothing of the order.
    """
    for event in entry.events:
        if isinstance(event, SubmitIndeterminate) and event.order_id == order_id:
            return event
    own = _events_of(entry, order_id)
    fills = tuple(
        fill(event, instrument, entry.at_ms) for event in own if isinstance(event, OrderFilled)
    )
    return order_state(own[-1], instrument, entry.at_ms), fills


def list_submitted(
    entry: OrderEntry, order_ids: tuple[int, ...], instrument: Instrument
) -> tuple[Submitted, ...] | SubmitIndeterminate:
    """The answer to an order list, leg by leg; indeterminate as soon as one leg is.

    Raises:
        AnswerWithoutOrder: the entry says nothing of a leg.
    """
    legs: list[Submitted] = []
    for order_id in order_ids:
        leg = submitted(entry, order_id, instrument)
        if isinstance(leg, SubmitIndeterminate):
            return leg
        legs.append(leg)
    return tuple(legs)


def cancelled(
    entry: OrderEntry, order_id: int, instrument: Instrument
) -> OrderState | CancelRejected:
    """The answer to a cancel.

    Raises:
        AnswerWithoutOrder: the entry says nothing of the order.
    """
    for event in entry.events:
        if isinstance(event, CancelRejected) and event.order_id == order_id:
            return event
    return order_state(_events_of(entry, order_id)[-1], instrument, entry.at_ms)


def all_cancelled(entry: OrderEntry, instrument: Instrument) -> tuple[OrderState, ...]:
    """The answer to a cancel of all orders: the newest state of each that it ended.

    Raises:
        AnswerWithoutOrder: the engine refused the command.
    """
    for event in entry.events:
        if isinstance(event, CommandRejected):
            raise AnswerWithoutOrder(f"{event.symbol}: {event.refusal}")
    newest = {event.order_id: event for event in entry.events if isinstance(event, AnyOrderEvent)}
    return tuple(order_state(event, instrument, entry.at_ms) for event in newest.values())


def amended(entry: OrderEntry, order_id: int, instrument: Instrument) -> Amended | AmendRejected:
    """The answer to an amendment.

    Raises:
        AnswerWithoutOrder: the entry says nothing of the order.
    """
    for event in entry.events:
        if isinstance(event, AmendRejected) and event.order_id == order_id:
            return event
    own = _events_of(entry, order_id)
    freed = [event.freed_e8 for event in own if isinstance(event, OrderAmended)]
    state = order_state(own[-1], instrument, entry.at_ms)
    return Amended(state, sum(freed) if freed else None)


def _events_of(entry: OrderEntry, order_id: int) -> list[AnyOrderEvent]:
    """The events of one order, in order; the last is its newest state."""
    own: list[AnyOrderEvent] = [
        event
        for event in entry.events
        if isinstance(event, AnyOrderEvent) and event.order_id == order_id
    ]
    if not own:
        raise AnswerWithoutOrder(f"order {order_id}: {entry}")
    return own
