"""Order rows, fills and lists as the queries give them."""

from contracts.amounts import ZERO, Amount
from contracts.order_views import OrderListView, OrderView
from contracts.orders import (
    Fill,
    OrderState,
    OrderStatus,
    OrderType,
    Side,
    TimeInForce,
)

LIST_ID = 9
FILL = Fill(
    trade_id=56,
    price=Amount("60000"),
    quantity=Amount("0.5"),
    quote_quantity=Amount("30000"),
    commission=Amount("0.0005"),
    commission_asset="BTC",
    is_maker=False,
    executed_at_ms=1_800_000_000_000,
)


def row(user_id: int, **changes: object) -> OrderView:
    values: dict[str, object] = {
        "order_id": 41,
        "user_id": user_id,
        "symbol": "BTCUSDT",
        "client_order_id": "mine-1",
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "time_in_force": TimeInForce.GTC,
        "price": Amount("60000"),
        "quantity": Amount("0.5"),
        "filled_quantity": ZERO,
        "filled_quote": ZERO,
        "status": OrderStatus.OPEN,
        "refusal": None,
        "created_at_ms": 1_800_000_000_000,
        "updated_at_ms": 1_800_000_000_001,
        "working_at_ms": 1_800_000_000_001,
    }
    return OrderView(**(values | changes))  # type: ignore[arg-type]


def leg(user_id: int, order_id: int, **changes: object) -> OrderView:
    values: dict[str, object] = {
        "order_id": order_id,
        "client_order_id": f"leg-{order_id}",
        "side": Side.SELL,
        "list_id": LIST_ID,
        "list_client_order_id": "pair-1",
    }
    return row(user_id, **(values | changes))


def pair(user_id: int, **changes: object) -> OrderListView:
    """A list of a limit order and a stop."""
    stop = {"order_type": OrderType.STOP_LOSS, "price": ZERO, "stop_price": Amount("56000")}
    return OrderListView(
        list_id=LIST_ID,
        list_client_order_id="pair-1",
        user_id=user_id,
        symbol="BTCUSDT",
        legs=(
            leg(user_id, 41, order_type=OrderType.LIMIT_MAKER, **changes),
            leg(user_id, 42, working_at_ms=0, **(stop | changes)),
        ),
        created_at_ms=1_800_000_000_000,
    )


def state(order_id: int, **changes: object) -> OrderState:
    values: dict[str, object] = {
        "order_id": order_id,
        "sequence": 2,
        "status": OrderStatus.CANCELLED,
        "filled_quantity": ZERO,
        "filled_quote": ZERO,
        "commission": ZERO,
        "filled_lots": 0,
        "at_ms": 1_800_000_000_005,
        "own": False,
    }
    return OrderState(**(values | changes))  # type: ignore[arg-type]
