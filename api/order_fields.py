"""The parameters that every kind of new order has, each read and checked by itself."""

import re
from typing import Final

from api.errors import ApiError, bad_request, invalid_data, missing
from api.new_order import ResponseType
from api.parameters import Parameters
from contracts.orders import OrderType, SelfTradePrevention, Side

STRATEGY_TYPE_MIN: Final = 1_000_000
_STRATEGY_ID: Final = re.compile(r"-?[0-9]{1,19}")
_NOT_OFFERED_STP: Final = frozenset({"DECREMENT", "TRANSFER"})


def parameter_name(name: str, leg: str) -> str:
    """What a parameter of a list's leg is called: `price` of `above` is `abovePrice`."""
    return leg + name[0].upper() + name[1:] if leg else name


def read_side(parameters: Parameters) -> Side:
    """The mandatory `side`."""
    try:
        return Side(parameters.required("side"))
    except ValueError as error:
        raise bad_request(-1117, "Invalid side.") from error


def read_order_type(parameters: Parameters, name: str) -> OrderType:
    """A mandatory order type under that name."""
    try:
        return OrderType(parameters.required(name))
    except ValueError as error:
        raise bad_request(-1116, "Invalid orderType.") from error


def read_response_type(parameters: Parameters) -> ResponseType | None:
    """How much the client wants to hear; None where it does not say."""
    text = parameters.text("newOrderRespType")
    try:
        return ResponseType(text) if text else None
    except ValueError as error:
        raise ApiError(400, -1133, "Invalid newOrderRespType.") from error


def read_self_trade_prevention(parameters: Parameters) -> SelfTradePrevention:
    """The mode that rules where the order would meet another of its user."""
    text = parameters.text("selfTradePreventionMode")
    if text is None:
        return SelfTradePrevention.NONE
    if text in _NOT_OFFERED_STP:
        raise bad_request(
            -1013, "This symbol does not allow the specified self-trade prevention mode."
        )
    try:
        return SelfTradePrevention(text)
    except ValueError as error:
        raise invalid_data("selfTradePreventionMode") from error


def read_strategy(parameters: Parameters, leg: str = "") -> None:
    """`strategyId` and `strategyType`: labels that clients may send; they are not kept."""
    name = parameter_name("strategyId", leg)
    strategy_id = parameters.text(name)
    if strategy_id is not None and not _STRATEGY_ID.fullmatch(strategy_id):
        raise missing(name)
    strategy_type = parameters.number(parameter_name("strategyType", leg))
    if strategy_type is not None and strategy_type < STRATEGY_TYPE_MIN:
        raise bad_request(-1134, "`strategyType` was less than 1000000.")
