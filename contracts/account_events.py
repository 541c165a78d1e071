"""What a user's own stream tells, as far as the screen reads it. Times in ms.

Source of the letters: Binance's user-data-stream.md.
"""

from typing import Literal

from msgspec import UNSET, UnsetType, field

from contracts.amounts import Amount
from contracts.orders import (
    ExpiryReason,
    OrderType,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from contracts.payloads import Payload
from contracts.rest_rows import ToldStatus
from contracts.user_events import Execution


class ExecutionReport(Payload, frozen=True, kw_only=True):
    """One change of one order. What is not required is there only where it means something."""

    event: Literal["executionReport"] = field(name="e")
    event_ms: int = field(name="E")
    symbol: str = field(name="s")
    client_order_id: str = field(name="c")
    original_client_order_id: str = field(name="C")
    side: Side = field(name="S")
    order_type: OrderType = field(name="o")
    time_in_force: TimeInForce = field(name="f")
    quantity: Amount = field(name="q")
    price: Amount = field(name="p")
    stop_price: Amount = field(name="P")
    iceberg_quantity: Amount = field(name="F")
    list_id: int = field(name="g")
    execution: Execution = field(name="x")
    status: ToldStatus = field(name="X")
    reject_reason: str = field(name="r")
    order_id: int = field(name="i")
    last_quantity: Amount = field(name="l")
    filled_quantity: Amount = field(name="z")
    last_price: Amount = field(name="L")
    commission: Amount = field(name="n")
    commission_asset: str | None = field(name="N")
    transaction_ms: int = field(name="T")
    trade_id: int = field(name="t")
    execution_id: int = field(name="I")
    is_on_the_book: bool = field(name="w")
    is_maker: bool = field(name="m")
    is_trade: bool = field(name="M")
    created_ms: int = field(name="O")
    filled_quote: Amount = field(name="Z")
    last_quote: Amount = field(name="Y")
    quote_quantity: Amount = field(name="Q")
    self_trade_prevention: SelfTradePrevention = field(name="V")
    working_ms: int | UnsetType = field(name="W", default=UNSET)
    good_till_ms: int | UnsetType = field(name="gtd", default=UNSET)
    expiry_reason: ExpiryReason | UnsetType = field(name="eR", default=UNSET)
    prevented_match_id: int | UnsetType = field(name="v", default=UNSET)
    prevented_quantity: Amount | UnsetType = field(name="A", default=UNSET)
    last_prevented_quantity: Amount | UnsetType = field(name="B", default=UNSET)
    trade_group_id: int | UnsetType = field(name="u", default=UNSET)
    counter_order_id: int | UnsetType = field(name="U", default=UNSET)
    counter_symbol: str | UnsetType = field(name="Cs", default=UNSET)
    prevented_price: Amount | UnsetType = field(name="pL", default=UNSET)
    prevented_match_quantity: Amount | UnsetType = field(name="pl", default=UNSET)
    prevented_match_quote: Amount | UnsetType = field(name="pY", default=UNSET)


class PositionBalance(Payload, frozen=True, kw_only=True):
    """What a user has of a currency."""

    currency: str = field(name="a")
    available: Amount = field(name="f")
    reserved: Amount = field(name="l")


class AccountPosition(Payload, frozen=True, kw_only=True):
    """What the currencies that moved have come to."""

    event: Literal["outboundAccountPosition"] = field(name="e")
    event_ms: int = field(name="E")
    changed_ms: int = field(name="u")
    balances: tuple[PositionBalance, ...] = field(name="B")
