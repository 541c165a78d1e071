"""Placing and cancelling one-cancels-the-other lists."""

import asyncio
from decimal import Decimal

import msgspec

from api.budgets import budget_of
from api.calls import SignedCall
from api.cancellation import ask_to_cancel
from api.dependencies import correlation_id_of
from api.errors import ApiError, Overloaded, cancel_rejected, list_cancel_rejected, refused
from api.filters import check_counts
from api.guarded import guarded
from api.list_payloads import Leg, cancelled_list, list_head
from api.new_order import Budget, NewOrder
from api.order_list_parameters import NewOrderList, check_prices
from api.order_payloads import placed
from api.placement import fills_of, in_flight, open_counts
from api.reference_price import last_price
from contracts.order_views import OpenCounts, OrderListView, OrderView
from contracts.orders import CancelAnswer, ListAnswer, OrderStatus, PlaceOrder, PlaceOrderList

ORDERS_IN_LIST = 2


async def place_list(call: SignedCall, new: NewOrderList) -> dict[str, object]:
    """Run the list's saga and return what the client is told.

    Raises:
        ApiError: refused, or OutcomeUnknown.
    """
    await call.admit_orders(ORDERS_IN_LIST)
    answer = await _ask(call, new)
    refusals = [answer.refusal, *(leg.refusal for leg in answer.legs)]
    for refusal in refusals:
        if refusal is not None:
            raise refused(refusal)
    return await _placed(call, new, answer)


async def _ask(call: SignedCall, new: NewOrderList) -> ListAnswer:
    """The saga's answer. Raises ApiError: the user's orders are too many, or the prices do not
    go together."""
    market, added = new.above.instrument, _added(new)
    with in_flight(call, market.symbol, added) as before:
        counts, price = await asyncio.gather(
            open_counts(call, market.symbol, before), _last_price(call, market.symbol)
        )
        check_counts(market, counts, added)
        check_prices(new, price)
        return await call.dependencies.sagas.place_list(_command(call, new))


async def cancel_list(
    call: SignedCall, order_list: OrderListView, client_cancel_id: str
) -> dict[str, object]:
    """Cancel both orders and return what the client is told.

    Raises:
        ApiError: -2011 where neither is open, or OutcomeUnknown.
    """
    open_legs = [leg for leg in order_list.legs if not leg.status.terminal]
    if not open_legs:
        raise list_cancel_rejected()
    try:
        answer = await ask_to_cancel(call, open_legs[0], client_cancel_id)
    except ApiError as error:
        if error.code == cancel_rejected().code:
            raise list_cancel_rejected() from error
        raise
    now = await _read_again(call, order_list)
    return cancelled_list([(leg, _became(leg, answer)) for leg in now.legs], client_cancel_id)


def _became(leg: OrderView, answer: CancelAnswer) -> CancelAnswer:
    """What became of a leg. The engine cancels both in one step, so that a leg whose row is
    behind is cancelled as well, and has filled nothing: a fill would have ended the other."""
    if leg.order_id == answer.order_id:
        return answer
    return CancelAnswer(
        order_id=leg.order_id,
        status=leg.status if leg.status.terminal else OrderStatus.CANCELLED,
        filled_quantity=leg.filled_quantity,
        filled_quote=leg.filled_quote,
        transact_time_ms=answer.transact_time_ms,
    )


async def _read_again(call: SignedCall, order_list: OrderListView) -> OrderListView:
    dependencies = call.dependencies
    try:
        found = await guarded(
            dependencies.breakers.orders,
            dependencies.orders.order_list,
            call.user_id,
            list_id=order_list.list_id,
        )
    except Overloaded:
        return order_list
    return order_list if found is None else found


async def _last_price(call: SignedCall, symbol: str) -> Decimal | None:
    """None also where nobody can tell: the engine looks at the prices again."""
    try:
        return await last_price(call.dependencies, symbol)
    except Overloaded:
        return None


def _added(new: NewOrderList) -> OpenCounts:
    counts = [leg.counts for leg in new.legs]
    return OpenCounts(
        orders=ORDERS_IN_LIST,
        conditional=sum(count.conditional for count in counts),
        iceberg=sum(count.iceberg for count in counts),
        lists=1,
    )


def _command(call: SignedCall, new: NewOrderList) -> PlaceOrderList:
    """One amount is reserved for both legs: the larger of what either may need."""
    dependencies = call.dependencies
    list_id = dependencies.order_ids.allocate()
    accepted_at_ms = dependencies.clock_ms()

    def leg_command(leg: NewOrder, budget: Budget) -> PlaceOrder:
        return _of_list(leg, list_id, new.list_client_order_id).command(
            budget,
            order_id=dependencies.order_ids.allocate(),
            user_id=call.user_id,
            accepted_at_ms=accepted_at_ms,
            correlation_id=correlation_id_of(call.request),
        )

    budgets = [budget_of(leg) for leg in new.legs]
    return PlaceOrderList(
        list_id=list_id,
        user_id=call.user_id,
        list_client_order_id=new.list_client_order_id,
        symbol=new.above.instrument.symbol,
        legs=(leg_command(new.above, budgets[0]), leg_command(new.below, budgets[1])),
        reserve_currency=new.above.reserve_currency,
        reserve_amount=max(budget.amount for budget in budgets),
        body_hash=new.body_hash,
        accepted_at_ms=accepted_at_ms,
        correlation_id=correlation_id_of(call.request),
    )


async def _placed(call: SignedCall, new: NewOrderList, answer: ListAnswer) -> dict[str, object]:
    head = list_head(
        list_id=answer.list_id,
        list_client_order_id=answer.list_client_order_id,
        symbol=new.above.instrument.symbol,
        at_ms=answer.transact_time_ms,
        done=all(leg.status.terminal for leg in answer.legs),
        legs=[Leg(leg.order_id, leg.client_order_id) for leg in answer.legs],
    )
    reports = []
    for leg, told in zip(new.legs, answer.legs, strict=True):
        asked = _of_list(leg, answer.list_id, answer.list_client_order_id)
        reports.append(placed(asked, told, await fills_of(call, told)))
    return {**head, "orderReports": reports}


def _of_list(leg: NewOrder, list_id: int, list_client_order_id: str) -> NewOrder:
    return msgspec.structs.replace(leg, list_id=list_id, list_client_order_id=list_client_order_id)
