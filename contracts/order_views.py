"""Orders and trades as their owner reads them: what `orders` hands to the gateway."""

import msgspec

from contracts.amounts import Amount
from contracts.orders import OrderStatus, OrderType, Refusal, Side, TimeInForce


class OrderView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order row. `working_at_ms` is when the engine took it, 0 while it has not."""

    order_id: int
    user_id: int
    symbol: str
    client_order_id: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    price: Amount
    quantity: Amount
    filled_quantity: Amount
    filled_quote: Amount
    status: OrderStatus
    refusal: Refusal | None
    created_at_ms: int
    updated_at_ms: int
    working_at_ms: int


class TradeView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One execution from the side of one of its two orders."""

    trade_id: int
    order_id: int
    symbol: str
    price: Amount
    quantity: Amount
    quote_quantity: Amount
    commission: Amount
    commission_asset: str
    at_ms: int
    is_buyer: bool
    is_maker: bool
