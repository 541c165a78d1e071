"""What `/api/v3` answers, as far as the screen reads it. Times in ms.

Source of the names: Binance's rest-api.md.
"""

from typing import Literal

from msgspec import UNSET, UnsetType

from contracts.amounts import Amount
from contracts.orders import ExpiryReason, OrderType, SelfTradePrevention, Side, TimeInForce
from contracts.payloads import Payload

ToldStatus = Literal[
    "PENDING_NEW",
    "NEW",
    "PARTIALLY_FILLED",
    "FILLED",
    "CANCELED",
    "EXPIRED",
    "EXPIRED_IN_MATCH",
    "REJECTED",
]
"""An order's status in Binance's words."""


class OrderRow(Payload, frozen=True, kw_only=True, rename="camel"):
    """An order as queries show it."""

    symbol: str
    order_id: int
    order_list_id: int
    client_order_id: str
    price: Amount
    orig_qty: Amount
    executed_qty: Amount
    cummulative_quote_qty: Amount
    status: ToldStatus
    time_in_force: TimeInForce
    type: OrderType
    side: Side
    stop_price: Amount
    iceberg_qty: Amount
    time: int
    update_time: int
    is_working: bool
    working_time: int
    orig_quote_order_qty: Amount
    self_trade_prevention_mode: SelfTradePrevention
    good_till_date: int | UnsetType = UNSET
    expiry_reason: ExpiryReason | UnsetType = UNSET


class MyTrade(Payload, frozen=True, kw_only=True, rename="camel"):
    """One of the user's own trades."""

    symbol: str
    id: int
    order_id: int
    order_list_id: int
    price: Amount
    qty: Amount
    quote_qty: Amount
    commission: Amount
    commission_asset: str
    time: int
    is_buyer: bool
    is_maker: bool
    is_best_match: bool


class TradeRow(Payload, frozen=True, kw_only=True, rename="camel"):
    """A trade that everybody may see."""

    id: int
    price: Amount
    qty: Amount
    quote_qty: Amount
    time: int
    is_buyer_maker: bool
    is_best_match: bool


class TickerRow(Payload, frozen=True, kw_only=True, rename="camel"):
    """A market's last 24 hours."""

    symbol: str
    price_change: Amount
    price_change_percent: str
    weighted_avg_price: Amount
    prev_close_price: Amount
    last_price: Amount
    last_qty: Amount
    bid_price: Amount
    bid_qty: Amount
    ask_price: Amount
    ask_qty: Amount
    open_price: Amount
    high_price: Amount
    low_price: Amount
    volume: Amount
    quote_volume: Amount
    open_time: int
    close_time: int
    first_id: int
    last_id: int
    count: int


class MiniTickerRow(Payload, frozen=True, kw_only=True, rename="camel"):
    """The same in short, for `type=MINI`."""

    symbol: str
    open_price: Amount
    high_price: Amount
    low_price: Amount
    last_price: Amount
    volume: Amount
    quote_volume: Amount
    open_time: int
    close_time: int
    first_id: int
    last_id: int
    count: int


class KlineRow(Payload, frozen=True, array_like=True):
    """A candle, its columns by their places; the last one is not used."""

    open_time: int
    open: Amount
    high: Amount
    low: Amount
    close: Amount
    volume: Amount
    close_time: int
    quote_volume: Amount
    trades: int
    taker_volume: Amount
    taker_quote_volume: Amount
    unused: str
