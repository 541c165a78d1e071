"""Cancelling an order and placing another: two steps, each with a result of its own.

Everything that can be wrong with the new order's parameters, and every limit, is looked at
before anything is cancelled.
"""

from enum import StrEnum
from typing import Final

from api.calls import TOO_MANY_ORDERS, SignedCall
from api.cancellation import Target, cancel_one, find_target, read_target
from api.completed_orders import REMEMBERED_S
from api.errors import ApiError, OutcomeUnknown, Overloaded, invalid_data
from api.guarded import guarded_afterwards
from api.new_order import Budget, NewOrder
from api.order_parameters import read_new_order
from api.order_payloads import cancelled
from api.parameters import Parameters
from api.placement import check_new, in_flight, submit
from contracts.order_views import OpenCounts
from contracts.orders import CancelAnswer, OrderStatus

RATE_LIMIT_MODES: Final = frozenset({"DO_NOTHING", "CANCEL_ONLY"})


class Mode(StrEnum):
    """What becomes of the new order where the cancel fails."""

    STOP_ON_FAILURE = "STOP_ON_FAILURE"
    ALLOW_FAILURE = "ALLOW_FAILURE"


class Replacement:
    """One request, read and checked as far as its parameters can tell."""

    def __init__(self, call: SignedCall) -> None:
        """Raises ApiError where a parameter of the cancel or of the new order is wrong."""
        parameters = call.parameters
        self._call = call
        self._mode = _mode(parameters)
        self._target: Target = read_target(
            parameters, "cancelOrderId", "cancelOrigClientOrderId", "cancelNewClientOrderId"
        )
        self._cancels_anyway = _rate_limit_mode(parameters) == "CANCEL_ONLY"
        self._may_be_a_repeat = parameters.text("newClientOrderId") is not None
        self._new: NewOrder = read_new_order(parameters, call.dependencies.instruments)

    async def run(self) -> dict[str, object]:
        """Cancel, then place; what the client is told where both succeeded.

        Raises:
            ApiError: -2021 or -2022 with both results in `data`; anything else where nothing was
                tried; OutcomeUnknown where the result of either is.
        """
        throttled = await self._admit()
        with in_flight(self._call, self._new.instrument.symbol, self._new.counts) as before:
            return await self._run(throttled, before)

    async def _run(self, throttled: ApiError | None, before: OpenCounts) -> dict[str, object]:
        budget = None if throttled else await check_new(self._call, self._new, before)
        cancel = await self._cancel()
        cancel_failed = isinstance(cancel, ApiError)
        if cancel_failed and self._mode is Mode.STOP_ON_FAILURE:
            raise _failed(cancel, None, throttled)
        placed = throttled if budget is None else await self._place(budget)
        if cancel_failed or isinstance(placed, ApiError):
            stopped = throttled if self._mode is Mode.STOP_ON_FAILURE else None
            raise _failed(cancel, placed, stopped)
        return {
            "cancelResult": "SUCCESS",
            "newOrderResult": "SUCCESS",
            "cancelResponse": cancel,
            "newOrderResponse": placed,
        }

    async def _admit(self) -> ApiError | None:
        """The refusal of one order too many, where the client wants the cancel even so."""
        try:
            await self._call.admit_orders(1)
        except ApiError as error:
            if self._cancels_anyway and error.code == TOO_MANY_ORDERS:
                return error
            raise
        return None

    async def _cancel(self) -> dict[str, object] | ApiError:
        symbol = self._new.instrument.symbol
        try:
            return await cancel_one(self._call, symbol, self._target)
        except OutcomeUnknown:
            raise
        except ApiError as error:
            done = await self._done_before(symbol)
            return error if done is None else done

    async def _done_before(self, symbol: str) -> dict[str, object] | None:
        """The cancel of a request that comes again: its order is cancelled, and the new order,
        younger than that one, is there already under the client id that was sent.

        Raises:
            OutcomeUnknown: one of the two cannot be read.
        """
        if not self._may_be_a_repeat:
            return None
        call, new = self._call, self._new
        try:
            old = await find_target(call, symbol, self._target)
        except Overloaded as error:
            raise OutcomeUnknown from error
        if old is None or old.status is not OrderStatus.CANCELLED:
            return None
        made = await guarded_afterwards(
            call.dependencies.breakers.orders,
            call.dependencies.orders.order,
            call.user_id,
            symbol,
            client_order_id=new.client_order_id,
        )
        since_ms = call.dependencies.clock_ms() - REMEMBERED_S * 1_000
        if made is None or made.order_id < old.order_id or made.created_at_ms < since_ms:
            return None
        answer = CancelAnswer(
            order_id=old.order_id,
            status=old.status,
            filled_quantity=old.filled_quantity,
            filled_quote=old.filled_quote,
            transact_time_ms=old.updated_at_ms,
        )
        return cancelled(old, answer, self._target.client_cancel_id)

    async def _place(self, budget: Budget) -> dict[str, object] | ApiError:
        try:
            return await submit(self._call, self._new, budget)
        except OutcomeUnknown:
            raise
        except ApiError as error:
            return error


def _mode(parameters: Parameters) -> Mode:
    try:
        return Mode(parameters.required("cancelReplaceMode"))
    except ValueError as error:
        raise invalid_data("cancelReplaceMode") from error


def _rate_limit_mode(parameters: Parameters) -> str | None:
    text = parameters.text("orderRateLimitExceededMode")
    if text is not None and text not in RATE_LIMIT_MODES:
        raise invalid_data("orderRateLimitExceededMode")
    return text


def _failed(
    cancel: dict[str, object] | ApiError,
    placed: dict[str, object] | ApiError | None,
    throttled: ApiError | None,
) -> ApiError:
    """Both results in one error. One success makes it partial; `placed` is None where the new
    order was not tried. What was throttled answers 429."""
    succeeded = [part for part in (cancel, placed) if isinstance(part, dict)]
    code, msg = (
        (-2021, "Order cancel-replace partially failed.")
        if succeeded
        else (-2022, "Order cancel-replace failed.")
    )
    status = 409 if succeeded else 400
    if throttled is not None:
        status = throttled.status
    data = {
        "cancelResult": _result(cancel),
        "newOrderResult": _result(placed),
        "cancelResponse": _response(cancel),
        "newOrderResponse": _response(placed),
    }
    return ApiError(status, code, msg, throttled.headers if throttled else None, data)


def _result(part: dict[str, object] | ApiError | None) -> str:
    if part is None:
        return "NOT_ATTEMPTED"
    return "FAILURE" if isinstance(part, ApiError) else "SUCCESS"


def _response(part: dict[str, object] | ApiError | None) -> dict[str, object] | None:
    return part.body if isinstance(part, ApiError) else part
