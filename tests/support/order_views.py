"""Order rows as their owner reads them, made from an order without a database."""

from contracts.amounts import ZERO
from contracts.order_views import OrderView
from contracts.orders import OrderStatus, PlaceOrder


def view_of(order: PlaceOrder, **changes: object) -> OrderView:
    """The row of an open order of which nothing is filled, and whatever the test cares about."""
    values: dict[str, object] = {
        "order_id": order.order_id,
        "user_id": order.user_id,
        "symbol": order.symbol,
        "client_order_id": order.client_order_id,
        "side": order.side,
        "order_type": order.order_type,
        "time_in_force": order.time_in_force,
        "price": order.price,
        "quantity": order.quantity,
        "filled_quantity": ZERO,
        "filled_quote": ZERO,
        "status": OrderStatus.OPEN,
        "refusal": None,
        "created_at_ms": order.accepted_at_ms,
        "updated_at_ms": order.accepted_at_ms,
        "working_at_ms": 0,
        "self_trade_prevention": order.self_trade_prevention,
        "quote_quantity": order.quote_quantity or ZERO,
        "stop_price": order.stop_price or ZERO,
        "iceberg_quantity": order.iceberg_quantity or ZERO,
        "expires_at_ms": order.expires_at_ms,
        "list_id": order.list_id,
        "list_client_order_id": order.list_client_order_id,
    }
    return OrderView(**(values | changes))  # type: ignore[arg-type]
