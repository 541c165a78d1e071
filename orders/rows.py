"""What an order's row says: as an answer to a client, as a state, as its owner reads it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping

from contracts.amounts import ZERO, Amount
from contracts.order_views import OrderView
from contracts.orders import (
    ExpiryReason,
    ListAnswer,
    OrderState,
    OrderStatus,
    OrderType,
    PlacementAnswer,
    Refusal,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from orders.tables import OrderListRow, OrderRow


def first_answer(row: OrderRow) -> PlacementAnswer:
    """The answer to a request that had been answered before."""
    return PlacementAnswer(
        order_id=row.order_id,
        client_order_id=row.client_order_id,
        status=OrderStatus(row.status),
        filled_quantity=Amount(row.filled_quantity),
        filled_quote=Amount(row.filled_quote),
        transact_time_ms=row.working_at_ms or row.accepted_at_ms,
        refusal=None if row.refusal is None else Refusal(row.refusal),
        repeated=True,
        quantity=Amount(row.quantity),
        working=_working(row),
        expiry=None if row.expiry is None else ExpiryReason(row.expiry),
    )


def first_list_answer(row: OrderListRow, legs: Sequence[OrderRow]) -> ListAnswer:
    """The same for a list. A list that was refused says what its first refused leg says."""
    answers = tuple(first_answer(leg) for leg in legs)
    refusals = [answer.refusal for answer in answers if answer.refusal is not None]
    return ListAnswer(
        list_id=row.list_id,
        list_client_order_id=row.list_client_order_id,
        transact_time_ms=row.accepted_at_ms,
        legs=answers,
        refusal=refusals[0] if refusals else None,
        repeated=True,
    )


def order_state(row: OrderRow) -> OrderState | None:
    """The newest that the row knows of the engine. Sequence 0: the engine has not spoken yet.

    None where the row was filled before rows knew lots: then it cannot tell how far.
    """
    if row.filled_quantity and not row.filled_lots:
        return None
    return OrderState(
        order_id=row.order_id,
        sequence=row.engine_sequence,
        status=OrderStatus(row.status),
        filled_quantity=Amount(row.filled_quantity),
        filled_quote=Amount(row.filled_quote),
        commission=Amount(row.commission),
        filled_lots=row.filled_lots,
        at_ms=row.updated_at_ms,
        own=True,
        refusal=None if row.refusal is None else Refusal(row.refusal),
        quantity=Amount(row.quantity),
        expiry=None if row.expiry is None else ExpiryReason(row.expiry),
        working=_working(row),
    )


def order_view(row: Mapping[str, Any] | RowMapping) -> OrderView:
    """One row of `orders`, as its owner reads it."""
    return OrderView(
        order_id=row["order_id"],
        user_id=row["user_id"],
        symbol=row["symbol"],
        client_order_id=row["client_order_id"],
        side=Side(row["side"]),
        order_type=OrderType(row["order_type"]),
        time_in_force=TimeInForce(row["time_in_force"]),
        price=Amount(row["price"]),
        quantity=Amount(row["quantity"]),
        filled_quantity=Amount(row["filled_quantity"]),
        filled_quote=Amount(row["filled_quote"]),
        status=OrderStatus(row["status"]),
        refusal=None if row["refusal"] is None else Refusal(row["refusal"]),
        created_at_ms=row["accepted_at_ms"],
        updated_at_ms=row["updated_at_ms"],
        working_at_ms=row["working_at_ms"] or 0,
        self_trade_prevention=SelfTradePrevention(row["self_trade_prevention"]),
        quote_quantity=Amount(row["quote_quantity"] or ZERO),
        stop_price=Amount(row["stop_price"] or ZERO),
        iceberg_quantity=Amount(row["iceberg_quantity"] or ZERO),
        expires_at_ms=row["expires_at_ms"],
        expiry=None if row["expiry"] is None else ExpiryReason(row["expiry"]),
        list_id=row["list_id"],
        list_client_order_id=row["list_client_order_id"],
    )


def _working(row: OrderRow) -> bool:
    """Only a conditional order can be open and wait."""
    return row.working_at_ms is not None or row.stop_price is None
