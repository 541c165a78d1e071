"""The short way back to a request: told once, told early, and forgotten with the request."""

import asyncio
from datetime import UTC, datetime

from api.answers import AnsweringOrders, Answers
from contracts.orders import OrderStatus, PlaceOrder, Refusal, SagaState
from contracts.registration import Registration, Report
from tests.support.orders import fill, place_order, state
from tests.support.partners import FakeOrders
from workflows import order_messages

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def report(order: PlaceOrder, status: OrderStatus = OrderStatus.OPEN) -> Report:
    return order_messages.report(order, state(order, 1, status), (fill(1, "0.4"),))


async def test_first_report_of_an_order_is_its_answer() -> None:
    order, answers = place_order(), Answers()
    orders = AnsweringOrders(FakeOrders(), answers)
    with answers.expected(order) as answer:
        await orders.register(order)
        assert not answer.done()
        await orders.record(report(order))
        await orders.record(report(order, OrderStatus.FILLED))
    told = answer.result()
    assert (told.order_id, told.status, len(told.fills)) == (order.order_id, OrderStatus.OPEN, 1)


async def test_refused_order_is_answered_when_it_is_finalized() -> None:
    order, answers = place_order(), Answers()
    refused = order_messages.final_state(
        order, state(order, 1, OrderStatus.REJECTED), OrderStatus.CANCELLED, now=_NOW
    )
    command = order_messages.finalize_order(order, refused, Refusal.MARKET_CLOSED, SagaState.FAILED)
    with answers.expected(order) as answer:
        await AnsweringOrders(FakeOrders(), answers).finalize(command)
    assert answer.result().refusal is Refusal.MARKET_CLOSED


async def test_request_that_was_here_before_gets_the_rows_answer() -> None:
    order, answers, partner = place_order(), Answers(), FakeOrders()
    first = order_messages.placement_answer(order, state(order, 1, OrderStatus.FILLED, "1"), ())
    partner.registration = Registration(order_id=order.order_id, answer=first)
    with answers.expected(order) as answer:
        await AnsweringOrders(partner, answers).register(order)
    assert answer.result() is first


async def test_orders_that_nobody_waits_for_are_nobodys_answer() -> None:
    order, other, answers = place_order(), place_order(), Answers()
    with answers.expected(order) as answer:
        await AnsweringOrders(FakeOrders(), answers).record(report(other))
        await asyncio.sleep(0)
        assert not answer.done()
    await AnsweringOrders(FakeOrders(), answers).record(report(order))
    assert not answer.done()
