"""Orders and trades as Binance writes them."""

from collections.abc import Sequence
from typing import Final

from api.new_order import NewOrder, ResponseType
from contracts.amounts import ZERO, Amount
from contracts.order_views import OrderView, PreventedMatchView, TradeView
from contracts.orders import (
    CancelAnswer,
    ExpiryReason,
    Fill,
    OrderState,
    OrderStatus,
    PlacementAnswer,
)

STATUSES: Final[dict[OrderStatus, str]] = {
    OrderStatus.PENDING_VALIDATION: "PENDING_NEW",
    OrderStatus.OPEN: "NEW",
    OrderStatus.PARTIALLY_FILLED: "PARTIALLY_FILLED",
    OrderStatus.FILLED: "FILLED",
    OrderStatus.CANCELLED: "CANCELED",
    OrderStatus.EXPIRED: "EXPIRED",
    OrderStatus.EXPIRED_IN_MATCH: "EXPIRED_IN_MATCH",
    OrderStatus.REJECTED: "REJECTED",
}
NO_LIST: Final = -1
NOT_WORKING: Final = -1


def placed(new: NewOrder, answer: PlacementAnswer, fills: Sequence[Fill]) -> dict[str, object]:
    """The answer to a new order, as much of it as was asked for."""
    payload: dict[str, object] = {
        "symbol": new.instrument.symbol,
        "orderId": answer.order_id,
        "orderListId": new.list_id or NO_LIST,
        "clientOrderId": answer.client_order_id,
        "transactTime": answer.transact_time_ms,
    }
    if new.response_type is ResponseType.ACK:
        return payload
    payload |= {
        "price": new.price,
        "origQty": new.quantity if new.quote_quantity is None else answer.filled_quantity,
        "executedQty": answer.filled_quantity,
        "origQuoteOrderQty": new.quote_quantity or ZERO,
        "cummulativeQuoteQty": answer.filled_quote,
        "status": STATUSES[answer.status],
        "timeInForce": new.time_in_force,
        "type": new.order_type,
        "side": new.side,
        **_conditional(new.stop_price, new.iceberg_quantity, new.expires_at_ms, answer.expiry),
        "workingTime": answer.transact_time_ms if answer.working else NOT_WORKING,
        "selfTradePreventionMode": new.self_trade_prevention,
    }
    if new.response_type is ResponseType.FULL:
        payload["fills"] = [_fill(fill) for fill in fills]
    return payload


def cancelled(order: OrderView, answer: CancelAnswer, client_cancel_id: str) -> dict[str, object]:
    """The answer to a cancel: `clientOrderId` is the cancel's own id."""
    by_value = order.quote_quantity != ZERO
    return {
        "symbol": order.symbol,
        "origClientOrderId": order.client_order_id,
        "orderId": order.order_id,
        "orderListId": order.list_id or NO_LIST,
        "clientOrderId": client_cancel_id,
        "transactTime": answer.transact_time_ms,
        "price": order.price,
        "origQty": answer.filled_quantity if by_value else order.quantity,
        "executedQty": answer.filled_quantity,
        "origQuoteOrderQty": order.quote_quantity,
        "cummulativeQuoteQty": answer.filled_quote,
        "status": STATUSES[answer.status],
        "timeInForce": order.time_in_force,
        "type": order.order_type,
        "side": order.side,
        **_conditional(order.stop_price, order.iceberg_quantity, order.expires_at_ms, None),
        "selfTradePreventionMode": order.self_trade_prevention,
    }


def order_payload(order: OrderView) -> dict[str, object]:
    """An order as queries show it."""
    by_value = order.quote_quantity != ZERO
    return {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderListId": order.list_id or NO_LIST,
        "clientOrderId": order.client_order_id,
        "price": order.price,
        "origQty": order.filled_quantity if by_value else order.quantity,
        "executedQty": order.filled_quantity,
        "cummulativeQuoteQty": order.filled_quote,
        "status": STATUSES[order.status],
        "timeInForce": order.time_in_force,
        "type": order.order_type,
        "side": order.side,
        "stopPrice": order.stop_price,
        "icebergQty": order.iceberg_quantity,
        "time": order.created_at_ms,
        "updateTime": order.updated_at_ms,
        "isWorking": order.working_at_ms > 0,
        "workingTime": order.working_at_ms or NOT_WORKING,
        "origQuoteOrderQty": order.quote_quantity,
        "selfTradePreventionMode": order.self_trade_prevention,
        **_conditional(None, None, order.expires_at_ms, order.expiry),
    }


def amended(order: OrderView, state: OrderState) -> dict[str, object]:
    """The answer to an amendment. The order keeps its client id; `executionId` counts the
    order's own changes."""
    return {
        "transactTime": state.at_ms,
        "executionId": state.sequence,
        "amendedOrder": {
            "symbol": order.symbol,
            "orderId": order.order_id,
            "orderListId": order.list_id or NO_LIST,
            "origClientOrderId": order.client_order_id,
            "clientOrderId": order.client_order_id,
            "price": order.price,
            "qty": order.quantity if state.quantity is None else state.quantity,
            "executedQty": state.filled_quantity,
            "preventedQty": ZERO,
            "quoteOrderQty": order.quote_quantity,
            "cumulativeQuoteQty": state.filled_quote,
            "status": STATUSES[state.status],
            "timeInForce": order.time_in_force,
            "type": order.order_type,
            "side": order.side,
            **_conditional(order.stop_price, order.iceberg_quantity, order.expires_at_ms, None),
            "workingTime": order.working_at_ms or NOT_WORKING,
            "selfTradePreventionMode": order.self_trade_prevention,
        },
    }


def trade_payload(trade: TradeView) -> dict[str, object]:
    """One of the user's own trades."""
    return {
        "symbol": trade.symbol,
        "id": trade.trade_id,
        "orderId": trade.order_id,
        "orderListId": trade.list_id or NO_LIST,
        "price": trade.price,
        "qty": trade.quantity,
        "quoteQty": trade.quote_quantity,
        "commission": trade.commission,
        "commissionAsset": trade.commission_asset,
        "time": trade.at_ms,
        "isBuyer": trade.is_buyer,
        "isMaker": trade.is_maker,
        "isBestMatch": True,
    }


def prevented_match_payload(match: PreventedMatchView) -> dict[str, object]:
    """A match that self-trade prevention did not let happen. What a side did not lose is left
    out, as Binance does."""
    payload: dict[str, object] = {
        "symbol": match.symbol,
        "preventedMatchId": match.prevented_match_id,
        "takerOrderId": match.taker_order_id,
        "makerSymbol": match.symbol,
        "makerOrderId": match.maker_order_id,
        "tradeGroupId": match.trade_group_id,
        "selfTradePreventionMode": match.mode,
        "price": match.price,
    }
    for name, quantity in (
        ("takerPreventedQuantity", match.taker_prevented_quantity),
        ("makerPreventedQuantity", match.maker_prevented_quantity),
    ):
        if quantity != ZERO:
            payload[name] = quantity
    return {**payload, "transactTime": match.at_ms}


def levels(side: Sequence[tuple[Amount, Amount]]) -> list[tuple[Amount, Amount]]:
    """One side of a book, as pairs of text."""
    return [(price, quantity) for price, quantity in side]


def _conditional(
    stop_price: Amount | None,
    iceberg_quantity: Amount | None,
    expires_at_ms: int,
    expiry: ExpiryReason | None,
) -> dict[str, object]:
    """Fields that are there only where they mean something."""
    fields: dict[str, object] = {}
    if stop_price:
        fields["stopPrice"] = stop_price
    if iceberg_quantity:
        fields["icebergQty"] = iceberg_quantity
    if expires_at_ms:
        fields["goodTillDate"] = expires_at_ms
    if expiry is not None:
        fields["expiryReason"] = expiry
    return fields


def _fill(fill: Fill) -> dict[str, object]:
    return {
        "price": fill.price,
        "qty": fill.quantity,
        "commission": fill.commission,
        "commissionAsset": fill.commission_asset,
        "tradeId": fill.trade_id,
    }
