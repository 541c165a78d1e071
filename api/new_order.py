"""From the parameters of a new order to a validated order, with nothing placed on the way."""

import re
import secrets
import string
from collections.abc import Mapping
from enum import StrEnum
from hashlib import blake2b
from typing import Final

import msgspec

from api.errors import ApiError, bad_request, invalid_symbol, missing, not_required
from api.filters import check_notional, check_price, check_quantity, exact
from api.parameters import CLIENT_ORDER_ID, DECIMAL, SYMBOL, Parameters
from contracts.amounts import Amount
from contracts.instruments import Instrument
from contracts.message import encode
from contracts.orders import OrderType, PlaceOrder, Side, TimeInForce

STRATEGY_TYPE_MIN: Final = 1_000_000
CLIENT_ID_LENGTH: Final = 22
_CLIENT_ID_ALPHABET: Final = string.ascii_letters + string.digits
_STP_MODES: Final = frozenset(
    {"NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER"}
)
_NOT_OFFERED: Final = {
    "MARKET": "Market orders are not supported for this symbol.",
    "LIMIT_MAKER": "Limit maker orders are not supported for this symbol.",
    "STOP_LOSS": "Stop loss orders are not supported for this symbol.",
    "STOP_LOSS_LIMIT": "Stop loss limit orders are not supported for this symbol.",
    "TAKE_PROFIT": "Take profit orders are not supported for this symbol.",
    "TAKE_PROFIT_LIMIT": "Take profit limit orders are not supported for this symbol.",
}
_KNOWN_TIMES_IN_FORCE: Final = frozenset({"GTC", "IOC", "FOK"})
_STRATEGY_ID: Final = re.compile(r"-?[0-9]{1,19}")


class ResponseType(StrEnum):
    """How much the answer to a new order says."""

    ACK = "ACK"
    RESULT = "RESULT"
    FULL = "FULL"


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order that satisfies its market's filters."""

    instrument: Instrument
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    price: Amount
    quantity: Amount
    price_ticks: int
    quantity_lots: int
    notional: Amount
    client_order_id: str
    response_type: ResponseType

    @property
    def body_hash(self) -> str:
        """Equal for two requests that ask for the same order, however they write it."""
        facts = (
            self.instrument.symbol,
            self.side,
            self.order_type,
            self.time_in_force,
            self.price,
            self.quantity,
        )
        return blake2b(encode(facts), digest_size=16).hexdigest()

    def command(
        self, *, order_id: int, user_id: int, accepted_at_ms: int, correlation_id: str
    ) -> PlaceOrder:
        """The order as the saga takes it."""
        buys = self.side is Side.BUY
        market = self.instrument
        return PlaceOrder(
            order_id=order_id,
            user_id=user_id,
            client_order_id=self.client_order_id,
            symbol=market.symbol,
            base=market.base,
            quote=market.quote,
            side=self.side,
            order_type=self.order_type,
            time_in_force=self.time_in_force,
            price=self.price,
            quantity=self.quantity,
            price_ticks=self.price_ticks,
            quantity_lots=self.quantity_lots,
            reserve_currency=market.quote if buys else market.base,
            reserve_amount=self.notional if buys else self.quantity,
            maker_fee_ppm=market.maker_fee_ppm,
            taker_fee_ppm=market.taker_fee_ppm,
            partition=market.partition,
            body_hash=self.body_hash,
            accepted_at_ms=accepted_at_ms,
            correlation_id=correlation_id,
        )


def read_new_order(parameters: Parameters, instruments: Mapping[str, Instrument]) -> NewOrder:
    """Read and check everything of a new order.

    Raises:
        ApiError: the first thing that is wrong, in the order in which Binance looks.
    """
    symbol = parameters.required("symbol", SYMBOL)
    side = _side(parameters.required("side"))
    order_type = _order_type(parameters.required("type"))
    time_in_force = _time_in_force(parameters)
    quantity_text = parameters.required("quantity", DECIMAL)
    price_text = parameters.required("price", DECIMAL)
    client_order_id = parameters.text("newClientOrderId", CLIENT_ORDER_ID) or new_client_order_id()
    response_type = _response_type(parameters)
    _read_extras(parameters)
    parameters.finish()
    instrument = instruments.get(symbol)
    if instrument is None:
        raise invalid_symbol()
    quantity, price = exact("quantity", quantity_text), exact("price", price_text)
    ticks, lots = check_price(instrument, price), check_quantity(instrument, quantity)
    return NewOrder(
        instrument=instrument,
        side=side,
        order_type=order_type,
        time_in_force=time_in_force,
        price=instrument.price(ticks),
        quantity=instrument.quantity(lots),
        price_ticks=ticks,
        quantity_lots=lots,
        notional=check_notional(instrument, ticks, lots),
        client_order_id=client_order_id,
        response_type=response_type,
    )


def new_client_order_id() -> str:
    """An id for a client that sent none."""
    return "".join(secrets.choice(_CLIENT_ID_ALPHABET) for _ in range(CLIENT_ID_LENGTH))


def _side(text: str) -> Side:
    try:
        return Side(text)
    except ValueError as error:
        raise bad_request(-1117, "Invalid side.") from error


def _order_type(text: str) -> OrderType:
    if text in _NOT_OFFERED:
        raise bad_request(-2010, _NOT_OFFERED[text])
    try:
        return OrderType(text)
    except ValueError as error:
        raise bad_request(-1116, "Invalid orderType.") from error


def _time_in_force(parameters: Parameters) -> TimeInForce:
    text = parameters.required("timeInForce")
    try:
        return TimeInForce(text)
    except ValueError as error:
        if text in _KNOWN_TIMES_IN_FORCE:
            raise bad_request(-1014, "Unsupported order combination.") from error
        raise bad_request(-1115, "Invalid timeInForce.") from error


def _response_type(parameters: Parameters) -> ResponseType:
    text = parameters.text("newOrderRespType")
    try:
        return ResponseType(text) if text else ResponseType.FULL
    except ValueError as error:
        raise ApiError(400, -1133, "Invalid newOrderRespType.") from error


def _read_extras(parameters: Parameters) -> None:
    """What Binance takes with other order types, or only records."""
    for name in ("quoteOrderQty", "stopPrice"):
        if parameters.text(name, DECIMAL) is not None:
            raise not_required(name)
    if parameters.number("trailingDelta") is not None:
        raise bad_request(-2010, "Trailing stop orders are not supported for this symbol.")
    iceberg = parameters.text("icebergQty", DECIMAL)
    if iceberg is not None and float(iceberg) > 0:
        raise bad_request(-2010, "Iceberg orders are not supported for this symbol.")
    mode = parameters.text("selfTradePreventionMode")
    if mode is not None and mode not in _STP_MODES:
        raise bad_request(-1130, "Data sent for parameter 'selfTradePreventionMode' is not valid.")
    if mode not in {None, "NONE"}:
        raise bad_request(
            -1013, "This symbol does not allow the specified self-trade prevention mode."
        )
    strategy_id = parameters.text("strategyId")
    if strategy_id is not None and not _STRATEGY_ID.fullmatch(strategy_id):
        raise missing("strategyId")
    strategy_type = parameters.number("strategyType")
    if strategy_type is not None and strategy_type < STRATEGY_TYPE_MIN:
        raise bad_request(-1134, "`strategyType` was less than 1000000.")
