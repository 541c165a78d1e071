"""From the parameters of a one-cancels-the-other list to its two validated orders."""

from collections.abc import Mapping
from decimal import Decimal
from hashlib import blake2b
from typing import Final

import msgspec

from api.errors import ApiError, bad_request, invalid_symbol, refused
from api.new_order import NewOrder, ResponseType, body_hash, new_client_order_id
from api.order_fields import (
    read_order_type,
    read_response_type,
    read_self_trade_prevention,
    read_side,
    read_strategy,
)
from api.order_parameters import Common, order_of, read_terms
from api.parameters import CLIENT_ORDER_ID, SYMBOL, Parameters
from contracts.instruments import Instrument
from contracts.orders import OrderType, Refusal, Side

ABOVE: Final = "above"
BELOW: Final = "below"
_STOPS: Final = frozenset({OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT})
_PROFITS: Final = frozenset({OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT})
_AT_STOP_PRICE: Final = _STOPS | {OrderType.TAKE_PROFIT}


class NewOrderList(msgspec.Struct, frozen=True, kw_only=True):
    """Two orders of which at most one trades: one above the market, one below."""

    list_client_order_id: str
    above: NewOrder
    below: NewOrder

    @property
    def legs(self) -> tuple[NewOrder, NewOrder]:
        """Both, the one above first."""
        return self.above, self.below

    @property
    def body_hash(self) -> str:
        """Equal for two requests that ask for the same list, however they write it."""
        return body_hash([(leg.client_order_id, leg.body_hash) for leg in self.legs])


def read_order_list(parameters: Parameters, instruments: Mapping[str, Instrument]) -> NewOrderList:
    """Read and check everything of a new list that the market's facts can tell.

    Raises:
        ApiError: the first thing that is wrong.
    """
    symbol = parameters.required("symbol", SYMBOL)
    side = read_side(parameters)
    sent_id = parameters.text("listClientOrderId", CLIENT_ORDER_ID)
    above_type, below_type = _leg_type(parameters, ABOVE), _leg_type(parameters, BELOW)
    _check_places(side, above_type, below_type)
    above = read_terms(parameters, above_type, ABOVE)
    below = read_terms(parameters, below_type, BELOW)
    list_id = sent_id or new_client_order_id()
    above_id, below_id = (_leg_id(parameters, leg, list_id) for leg in (ABOVE, BELOW))
    for leg in (ABOVE, BELOW):
        read_strategy(parameters, leg)
    response_type = read_response_type(parameters) or ResponseType.RESULT
    prevention = read_self_trade_prevention(parameters)
    parameters.finish()
    instrument = instruments.get(symbol)
    if instrument is None:
        raise invalid_symbol()
    if not instrument.settles:
        raise refused(Refusal.MARKET_CLOSED)
    if above_id == below_id:
        raise refused(Refusal.DUPLICATE_ORDER)
    common = Common(instrument, side, response_type, prevention)
    return NewOrderList(
        list_client_order_id=list_id,
        above=order_of(above, common, above_id),
        below=order_of(below, common, below_id),
    )


def check_prices(new: NewOrderList, last_price: Decimal | None) -> None:
    """Raises ApiError where the last price, if there is one, does not lie between the legs."""
    high, low = _level(new.above), _level(new.below)
    if low < high and (last_price is None or low < last_price < high):
        return
    raise bad_request(-2010, "The relationship of the prices for the orders is not correct.")


def _level(leg: NewOrder) -> Decimal:
    """The price that puts a leg above or below the market."""
    if leg.order_type in _AT_STOP_PRICE and leg.stop_price is not None:
        return leg.stop_price
    return leg.price


def _leg_type(parameters: Parameters, leg: str) -> OrderType:
    order_type = read_order_type(parameters, f"{leg}Type")
    if order_type in {OrderType.LIMIT, OrderType.MARKET}:
        raise bad_request(-1158, "Order type not supported in OCO.")
    return order_type


def _check_places(side: Side, above: OrderType, below: OrderType) -> None:
    """Raises ApiError where a leg stands on the wrong side of the market for what it does."""
    wrong = _wrong_for_sell(above, below) if side is Side.SELL else _wrong_for_buy(above, below)
    if above is OrderType.LIMIT_MAKER and below is OrderType.LIMIT_MAKER:
        wrong = bad_request(-1168, "At least one OCO order must be contingent.")
    if wrong is not None:
        raise wrong


def _wrong_for_sell(above: OrderType, below: OrderType) -> ApiError | None:
    if above in _STOPS:
        return bad_request(-1197, "A stop loss order in a sell OCO must be below.")
    if below is OrderType.LIMIT_MAKER:
        return bad_request(-1166, "A limit order in a sell OCO must be above.")
    if below in _PROFITS:
        return bad_request(-1199, "A take profit order in a sell OCO must be above.")
    return None


def _wrong_for_buy(above: OrderType, below: OrderType) -> ApiError | None:
    if below in _STOPS:
        return bad_request(-1196, "A stop loss order in a buy OCO must be above.")
    if above is OrderType.LIMIT_MAKER:
        return bad_request(-1165, "A limit order in a buy OCO must be below.")
    if above in _PROFITS:
        return bad_request(-1198, "A take profit order in a buy OCO must be below.")
    return None


def _leg_id(parameters: Parameters, leg: str, list_id: str) -> str:
    """The leg's client id; one that was not sent follows from the list's, so that a repeat of
    the request names the same orders."""
    sent = parameters.text(f"{leg}ClientOrderId", CLIENT_ORDER_ID)
    return sent or blake2b(f"{list_id}:{leg}".encode(), digest_size=11).hexdigest()
