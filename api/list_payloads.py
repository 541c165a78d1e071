"""Order lists as Binance writes them."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from api.order_payloads import cancelled
from contracts.order_views import OrderListView, OrderView
from contracts.orders import CancelAnswer

CONTINGENCY: Final = "OCO"


class Leg(NamedTuple):
    """What a list says of each of its orders."""

    order_id: int
    client_order_id: str


def list_head(
    *,
    list_id: int,
    list_client_order_id: str,
    symbol: str,
    at_ms: int,
    done: bool,
    legs: Sequence[Leg],
) -> dict[str, object]:
    """A list without reports of its orders; `done` where none of them is open."""
    return {
        "orderListId": list_id,
        "contingencyType": CONTINGENCY,
        "listStatusType": "ALL_DONE" if done else "EXEC_STARTED",
        "listOrderStatus": "ALL_DONE" if done else "EXECUTING",
        "listClientOrderId": list_client_order_id,
        "transactionTime": at_ms,
        "symbol": symbol,
        "orders": [
            {"symbol": symbol, "orderId": leg.order_id, "clientOrderId": leg.client_order_id}
            for leg in legs
        ],
    }


def list_payload(order_list: OrderListView) -> dict[str, object]:
    """A list as queries show it."""
    return list_head(
        list_id=order_list.list_id,
        list_client_order_id=order_list.list_client_order_id,
        symbol=order_list.symbol,
        at_ms=order_list.created_at_ms,
        done=all(leg.status.terminal for leg in order_list.legs),
        legs=[Leg(leg.order_id, leg.client_order_id) for leg in order_list.legs],
    )


def cancelled_list(
    legs: Sequence[tuple[OrderView, CancelAnswer]], client_cancel_id: str
) -> dict[str, object]:
    """The answer to the cancel of a list: each leg with what became of it."""
    first, _ = legs[0]
    head = list_head(
        list_id=first.list_id,
        list_client_order_id=first.list_client_order_id,
        symbol=first.symbol,
        at_ms=max(answer.transact_time_ms for _, answer in legs),
        done=True,
        legs=[Leg(row.order_id, row.client_order_id) for row, _ in legs],
    )
    reports = [cancelled(row, answer, client_cancel_id) for row, answer in legs]
    return {**head, "orderReports": reports}
