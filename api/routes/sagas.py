"""`/v1/orders`: orders as the exchange knows them, and how far their sagas have come."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api.bearer import CurrentCaller
from api.dependencies import Dependencies, dependencies_of
from api.documentation import errors
from api.errors import ApiError, invalid_symbol
from api.guarded import guarded
from api.schemas import OrderInfo, SagaInfo, SagaStepInfo
from contracts.order_views import OrderView
from contracts.topology import saga_workflow_id

ROWS_MAX = 500

router = APIRouter(prefix="/v1/orders", tags=["sagas"])

OrderId = Annotated[int, Path(ge=1, le=2**63 - 1)]
_UNKNOWN = errors((404, -2013, "Order does not exist."))


@router.get(
    "",
    summary="Orders of one market, refused ones too",
    responses=errors((400, -1121, "Invalid symbol.")),
)
async def orders(
    request: Request,
    caller: CurrentCaller,
    symbol: Annotated[str, Query(pattern=r"^[A-Z0-9-_.]{1,20}$")],
    before_id: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=ROWS_MAX)] = 100,
) -> list[OrderInfo]:
    """The newest first, as they stand, with the reason where one was refused; page with
    `before_id`. What was refused before matching took it is in no list under `/api/v3`."""
    dependencies = dependencies_of(request)
    if symbol not in dependencies.instruments:
        raise invalid_symbol()
    found = await guarded(
        dependencies.breakers.orders,
        dependencies.orders.any_orders,
        caller.user_id,
        symbol,
        before_id=before_id,
        limit=limit,
    )
    return [_order_info(each) for each in found]


@router.get("/{order_id}", summary="One order, refused ones too", responses=_UNKNOWN)
async def order(request: Request, order_id: OrderId, caller: CurrentCaller) -> OrderInfo:
    """The order row with the reason why it was refused, if it was."""
    return _order_info(await _own_order(dependencies_of(request), caller.user_id, order_id))


@router.get("/{order_id}/saga", summary="The saga of an order", responses=_UNKNOWN)
async def saga(request: Request, order_id: OrderId, caller: CurrentCaller) -> SagaInfo:
    """The steps that the order's workflow has taken, and when; a leg shows its list's."""
    dependencies = dependencies_of(request)
    found = await _own_order(dependencies, caller.user_id, order_id)
    view = await dependencies.sagas.saga_view(
        caller.user_id,
        found.client_order_id,
        list_client_order_id=found.list_client_order_id,
    )
    if view is None or view.order_id != (found.list_id or order_id):
        raise ApiError(404, -9005, "The saga of this order is no longer kept.")
    return SagaInfo(
        order_id=view.order_id,
        workflow_id=saga_workflow_id(
            caller.user_id, found.client_order_id, found.list_client_order_id
        ),
        state=view.state,
        status=view.status,
        steps=[SagaStepInfo(name=s.name, at_ms=s.at_ms, detail=s.detail) for s in view.steps],
    )


async def _own_order(dependencies: Dependencies, user_id: int, order_id: int) -> OrderView:
    found = await guarded(
        dependencies.breakers.orders, dependencies.orders.any_order, user_id, order_id
    )
    if found is None:
        raise ApiError(404, -2013, "Order does not exist.")
    return found


def _order_info(found: OrderView) -> OrderInfo:
    return OrderInfo(
        order_id=found.order_id,
        client_order_id=found.client_order_id,
        symbol=found.symbol,
        side=found.side.value,
        type=found.order_type,
        time_in_force=found.time_in_force,
        price=str(found.price),
        quantity=str(found.quantity),
        filled_quantity=str(found.filled_quantity),
        filled_quote=str(found.filled_quote),
        quote_quantity=str(found.quote_quantity),
        stop_price=str(found.stop_price),
        iceberg_quantity=str(found.iceberg_quantity),
        self_trade_prevention=found.self_trade_prevention,
        expires_at_ms=found.expires_at_ms,
        list_id=found.list_id,
        status=found.status,
        refusal=found.refusal,
        expiry=found.expiry,
        created_at_ms=found.created_at_ms,
        updated_at_ms=found.updated_at_ms,
    )
