"""Orders and trades as Binance writes them."""

from collections.abc import Sequence

from api.new_order import NewOrder, ResponseType
from contracts.amounts import ZERO, Amount
from contracts.order_views import OrderView, TradeView
from contracts.orders import CancelAnswer, Fill, OrderStatus, PlacementAnswer

STATUSES: dict[OrderStatus, str] = {
    OrderStatus.PENDING_VALIDATION: "PENDING_NEW",
    OrderStatus.OPEN: "NEW",
    OrderStatus.PARTIALLY_FILLED: "PARTIALLY_FILLED",
    OrderStatus.FILLED: "FILLED",
    OrderStatus.CANCELLED: "CANCELED",
    OrderStatus.EXPIRED: "EXPIRED",
    OrderStatus.REJECTED: "REJECTED",
}
NO_LIST = -1


def placed(new: NewOrder, answer: PlacementAnswer, fills: Sequence[Fill]) -> dict[str, object]:
    """The answer to a new order, as much of it as was asked for."""
    payload: dict[str, object] = {
        "symbol": new.instrument.symbol,
        "orderId": answer.order_id,
        "orderListId": NO_LIST,
        "clientOrderId": answer.client_order_id,
        "transactTime": answer.transact_time_ms,
    }
    if new.response_type is ResponseType.ACK:
        return payload
    payload |= {
        "price": new.price,
        "origQty": new.quantity,
        "executedQty": answer.filled_quantity,
        "origQuoteOrderQty": ZERO,
        "cummulativeQuoteQty": answer.filled_quote,
        "status": STATUSES[answer.status],
        "timeInForce": new.time_in_force,
        "type": new.order_type,
        "side": new.side,
        "workingTime": answer.transact_time_ms,
        "selfTradePreventionMode": "NONE",
    }
    if new.response_type is ResponseType.FULL:
        payload["fills"] = [_fill(fill) for fill in fills]
    return payload


def cancelled(order: OrderView, answer: CancelAnswer, client_cancel_id: str) -> dict[str, object]:
    """The answer to a cancel: `clientOrderId` is the cancel's own id."""
    return {
        "symbol": order.symbol,
        "origClientOrderId": order.client_order_id,
        "orderId": order.order_id,
        "orderListId": NO_LIST,
        "clientOrderId": client_cancel_id,
        "transactTime": answer.transact_time_ms,
        "price": order.price,
        "origQty": order.quantity,
        "executedQty": answer.filled_quantity,
        "origQuoteOrderQty": ZERO,
        "cummulativeQuoteQty": answer.filled_quote,
        "status": STATUSES[answer.status],
        "timeInForce": order.time_in_force,
        "type": order.order_type,
        "side": order.side,
        "selfTradePreventionMode": "NONE",
    }


def order_payload(order: OrderView) -> dict[str, object]:
    """An order as queries show it."""
    return {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderListId": NO_LIST,
        "clientOrderId": order.client_order_id,
        "price": order.price,
        "origQty": order.quantity,
        "executedQty": order.filled_quantity,
        "cummulativeQuoteQty": order.filled_quote,
        "status": STATUSES[order.status],
        "timeInForce": order.time_in_force,
        "type": order.order_type,
        "side": order.side,
        "stopPrice": ZERO,
        "icebergQty": ZERO,
        "time": order.created_at_ms,
        "updateTime": order.updated_at_ms,
        "isWorking": order.working_at_ms > 0,
        "workingTime": order.working_at_ms or -1,
        "origQuoteOrderQty": ZERO,
        "selfTradePreventionMode": "NONE",
    }


def trade_payload(trade: TradeView) -> dict[str, object]:
    """One of the user's own trades."""
    return {
        "symbol": trade.symbol,
        "id": trade.trade_id,
        "orderId": trade.order_id,
        "orderListId": NO_LIST,
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


def levels(side: Sequence[tuple[Amount, Amount]]) -> list[tuple[Amount, Amount]]:
    """One side of a book, as pairs of text."""
    return [(price, quantity) for price, quantity in side]


def _fill(fill: Fill) -> dict[str, object]:
    return {
        "price": fill.price,
        "qty": fill.quantity,
        "commission": fill.commission,
        "commissionAsset": fill.commission_asset,
        "tradeId": fill.trade_id,
    }
