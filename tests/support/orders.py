"""Builders of orders and engine states: a plain order, and whatever the test cares about."""

import itertools
from uuid import uuid4

from contracts.amounts import ZERO, Amount
from contracts.orders import (
    CancelRequest,
    Fill,
    OrderState,
    OrderStatus,
    OrderType,
    PlaceOrder,
    Refusal,
    Side,
    TimeInForce,
)

_ids = itertools.count(1_000_001)


def place_order(**changes: object) -> PlaceOrder:
    """A limit buy of 1 BTC at 100 USDT; lots of 0.00001."""
    order_id = next(_ids)
    values: dict[str, object] = {
        "order_id": order_id,
        "user_id": 7,
        "client_order_id": f"client-{order_id}",
        "symbol": "BTCUSDT",
        "base": "BTC",
        "quote": "USDT",
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "time_in_force": TimeInForce.GTC,
        "price": Amount("100"),
        "quantity": Amount("1"),
        "price_ticks": 10_000,
        "quantity_lots": 100_000,
        "reserve_currency": "USDT",
        "reserve_amount": Amount("100"),
        "maker_fee_ppm": 1000,
        "taker_fee_ppm": 1000,
        "partition": 3,
        "body_hash": "hash",
        "accepted_at_ms": 1_750_000_000_000,
        "correlation_id": "test",
    }
    return PlaceOrder(**(values | changes))  # type: ignore[arg-type]


def state(
    order: PlaceOrder,
    sequence: int,
    status: OrderStatus,
    filled: str = "0",
    *,
    own: bool = True,
    refusal: Refusal | None = None,
) -> OrderState:
    """The order after its engine event number `sequence`, with `filled` BTC at 100."""
    quantity = Amount(filled)
    return OrderState(
        order_id=order.order_id,
        sequence=sequence,
        status=status,
        filled_quantity=quantity,
        filled_quote=Amount(quantity * 100),
        commission=ZERO,
        filled_lots=int(quantity * 100_000),
        at_ms=1_750_000_000_100 + sequence,
        own=own,
        refusal=refusal,
    )


def fill(trade_id: int, quantity: str) -> Fill:
    amount = Amount(quantity)
    return Fill(
        trade_id=trade_id,
        price=Amount("100"),
        quantity=amount,
        quote_quantity=Amount(amount * 100),
        commission=ZERO,
        commission_asset="BTC",
        is_maker=False,
        executed_at_ms=1_750_000_000_100,
    )


def cancel_request(order: PlaceOrder) -> CancelRequest:
    return CancelRequest(
        order_id=order.order_id,
        cancel_id=uuid4(),
        client_cancel_id="cancel-1",
        requested_at_ms=1_750_000_000_500,
    )
