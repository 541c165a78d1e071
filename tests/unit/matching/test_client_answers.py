"""What an entry says to whoever sent its command, and what it must not be taken for."""

from uuid import UUID

import pytest

from contracts.amounts import Amount
from contracts.matching import (
    AmendRejected,
    CancelRejected,
    CommandRejected,
    EngineEvent,
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderEntry,
    OrderFilled,
    OrderRejected,
    OrderStatusReported,
    SubmitIndeterminate,
    content_hash,
)
from contracts.orders import ExpiryReason, OrderState, OrderStatus, Refusal, Side
from matching import answers
from matching.errors import AnswerWithoutOrder
from tests.support.engine_commands import SYMBOL
from tests.support.matching_process import instrument

MARKET = instrument(SYMBOL, 3)


def facts(
    order_id: int, sequence: int, status: OrderStatus, filled: int = 0, lots: int = 5
) -> dict[str, object]:
    return {
        "symbol": SYMBOL,
        "order_id": order_id,
        "user_id": 7,
        "sequence": sequence,
        "caused_by": order_id,
        "status": status,
        "quantity_lots": lots,
        "filled_lots": filled,
        "filled_quote_e8": filled * 1_000,
        "commission_e8": filled,
    }


def accepted(order_id: int) -> OrderAccepted:
    return OrderAccepted(**facts(order_id, 1, OrderStatus.OPEN))  # type: ignore[arg-type]


def filled(order_id: int, sequence: int = 2) -> OrderFilled:
    return OrderFilled(
        **facts(order_id, sequence, OrderStatus.PARTIALLY_FILLED, filled=2),  # type: ignore[arg-type]
        trade_id=1,
        price_ticks=100,
        last_lots=2,
        last_quote_e8=2_000,
        last_commission_e8=2,
        side=Side.BUY,
        is_maker=False,
    )


def ended(order_id: int, status: OrderStatus, reason: ExpiryReason | None = None) -> OrderCancelled:
    return OrderCancelled(**facts(order_id, 3, status, filled=2), reason=reason)  # type: ignore[arg-type]


def reported(order_id: int, status: OrderStatus) -> OrderStatusReported:
    return OrderStatusReported(**facts(order_id, 3, status, filled=2))  # type: ignore[arg-type]


def entry(*events: EngineEvent) -> OrderEntry:
    return OrderEntry(
        offset=4, command_id=UUID(int=4), at_ms=9, hash=content_hash(events), events=events
    )


def test_the_newest_state_of_the_order_counts_and_others_are_passed_over() -> None:
    own = ended(1, OrderStatus.EXPIRED, ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED)

    answer = answers.submitted(entry(accepted(1), filled(1), filled(2), own), 1, MARKET)

    assert not isinstance(answer, SubmitIndeterminate)
    state, fills = answer
    assert (state.status, state.expiry) == (
        OrderStatus.EXPIRED,
        ExpiryReason.UNFILLED_IOC_QUANTITY_EXPIRED,
    )
    assert [fill.quantity for fill in fills] == [Amount("0.00002")]


def test_a_list_has_a_state_for_each_leg_in_the_order_asked_for() -> None:
    found = answers.list_submitted(
        entry(accepted(2), accepted(1), filled(1), ended(2, OrderStatus.EXPIRED)), (1, 2), MARKET
    )

    assert not isinstance(found, SubmitIndeterminate)
    assert [(state.order_id, state.status, len(fills)) for state, fills in found] == [
        (1, OrderStatus.PARTIALLY_FILLED, 1),
        (2, OrderStatus.EXPIRED, 0),
    ]


def test_a_refused_list_has_two_refusals() -> None:
    refused = [
        OrderRejected(**facts(i, 1, OrderStatus.REJECTED), refusal=Refusal.WOULD_TRIGGER)  # type: ignore[arg-type]
        for i in (1, 2)
    ]

    found = answers.list_submitted(entry(*refused), (1, 2), MARKET)

    assert not isinstance(found, SubmitIndeterminate)
    assert [state.refusal for state, _ in found] == [Refusal.WOULD_TRIGGER] * 2


def test_a_list_of_which_one_leg_is_forgotten_is_indeterminate() -> None:
    forgotten = SubmitIndeterminate(symbol=SYMBOL, order_id=2)

    assert answers.list_submitted(entry(accepted(1), forgotten), (1, 2), MARKET) == forgotten


def test_a_cancel_is_answered_with_the_last_of_what_happened_to_its_order() -> None:
    state = answers.cancelled(
        entry(filled(1), ended(1, OrderStatus.CANCELLED), ended(2, OrderStatus.CANCELLED)),
        1,
        MARKET,
    )

    assert isinstance(state, OrderState)
    assert (state.order_id, state.status) == (1, OrderStatus.CANCELLED)


def test_cancel_all_tells_each_order_once_with_its_newest_state() -> None:
    found = answers.all_cancelled(
        entry(filled(1), ended(1, OrderStatus.CANCELLED), ended(2, OrderStatus.CANCELLED)), MARKET
    )

    assert [(state.order_id, state.status) for state in found] == [
        (1, OrderStatus.CANCELLED),
        (2, OrderStatus.CANCELLED),
    ]


def test_a_repeated_amendment_does_not_say_what_was_freed() -> None:
    amended = OrderAmended(**facts(1, 2, OrderStatus.OPEN, lots=3), freed_e8=40)  # type: ignore[arg-type]
    first = answers.amended(entry(amended), 1, MARKET)
    again = answers.amended(entry(reported(1, OrderStatus.OPEN)), 1, MARKET)

    assert isinstance(first, answers.Amended)
    assert isinstance(again, answers.Amended)
    assert (first.state.quantity, first.freed_e8) == (Amount("0.00003"), 40)
    assert again.freed_e8 is None


def test_refusals_are_values() -> None:
    amend = AmendRejected(symbol=SYMBOL, order_id=1, refusal=Refusal.INVALID_AMENDMENT)
    cancel = CancelRejected(symbol=SYMBOL, order_id=1, refusal=Refusal.UNKNOWN_ORDER)

    assert answers.amended(entry(amend), 1, MARKET) == amend
    assert answers.cancelled(entry(cancel), 1, MARKET) == cancel
    assert isinstance(
        answers.cancelled(entry(reported(1, OrderStatus.FILLED)), 1, MARKET), OrderState
    )


def test_an_entry_that_is_silent_about_the_order_is_an_error_never_a_refusal() -> None:
    refused = entry(CommandRejected(symbol=SYMBOL, refusal=Refusal.UNKNOWN_SYMBOL))

    with pytest.raises(AnswerWithoutOrder):
        answers.submitted(entry(accepted(2)), 1, MARKET)
    with pytest.raises(AnswerWithoutOrder):
        answers.list_submitted(entry(accepted(2)), (1, 2), MARKET)
    with pytest.raises(AnswerWithoutOrder):
        answers.cancelled(entry(), 1, MARKET)
    with pytest.raises(AnswerWithoutOrder):
        answers.amended(refused, 1, MARKET)
    with pytest.raises(AnswerWithoutOrder):
        answers.all_cancelled(refused, MARKET)
