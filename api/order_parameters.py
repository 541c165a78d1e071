"""From the parameters of a new order to a validated order, with nothing placed on the way."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from api.errors import (
    bad_combination,
    bad_request,
    invalid_symbol,
    missing,
    missing_both,
    not_required,
    refused,
    unsupported_combination,
)
from api.filters import (
    check_iceberg,
    check_notional,
    check_price,
    check_quantity,
    check_value,
    exact,
)
from api.new_order import NewOrder, ResponseType, new_client_order_id
from api.order_fields import (
    parameter_name,
    read_order_type,
    read_response_type,
    read_self_trade_prevention,
    read_side,
    read_strategy,
)
from api.parameters import CLIENT_ORDER_ID, DECIMAL, SYMBOL, Parameters
from contracts.amounts import ZERO
from contracts.instruments import Instrument
from contracts.orders import OrderType, Refusal, SelfTradePrevention, Side, TimeInForce

_AT_LIMIT: Final = frozenset({"quantity", "price"})
_CONDITIONAL_LIMIT: Final = frozenset({"timeInForce", "quantity", "price", "stopPrice"})


class _Rule(NamedTuple):
    """Which of the parameters that depend on the type must be there, and which may be."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()


_RULES: Final = {
    OrderType.LIMIT: _Rule(_AT_LIMIT | {"timeInForce"}, frozenset({"icebergQty", "goodTillDate"})),
    OrderType.LIMIT_MAKER: _Rule(_AT_LIMIT, frozenset({"icebergQty"})),
    OrderType.MARKET: _Rule(frozenset(), frozenset({"quantity", "quoteOrderQty"})),
    OrderType.STOP_LOSS: _Rule(frozenset({"quantity", "stopPrice"})),
    OrderType.STOP_LOSS_LIMIT: _Rule(_CONDITIONAL_LIMIT),
    OrderType.TAKE_PROFIT: _Rule(frozenset({"quantity", "stopPrice"})),
    OrderType.TAKE_PROFIT_LIMIT: _Rule(_CONDITIONAL_LIMIT),
}
_DECIMALS: Final = ("quantity", "quoteOrderQty", "price", "stopPrice", "icebergQty")


class Terms(NamedTuple):
    """What an order's type needs, as text of the right form. Names are those of the request."""

    order_type: OrderType
    time_in_force: TimeInForce
    expires_at_ms: int
    texts: Mapping[str, str]
    names: Mapping[str, str]

    def decimal(self, name: str) -> Decimal | None:
        """An exact, positive decimal. Raises ApiError where it is neither."""
        text = self.texts.get(name)
        return None if text is None else exact(self.names[name], text)


class Common(NamedTuple):
    """What the two orders of a list share."""

    instrument: Instrument
    side: Side
    response_type: ResponseType | None
    self_trade_prevention: SelfTradePrevention


def read_new_order(parameters: Parameters, instruments: Mapping[str, Instrument]) -> NewOrder:
    """Read and check everything of a new order that the market's facts can tell.

    Raises:
        ApiError: the first thing that is wrong, in the order in which Binance looks.
    """
    symbol = parameters.required("symbol", SYMBOL)
    side = read_side(parameters)
    terms = read_terms(parameters, read_order_type(parameters, "type"))
    client_order_id = parameters.text("newClientOrderId", CLIENT_ORDER_ID) or new_client_order_id()
    response_type = read_response_type(parameters)
    prevention = read_self_trade_prevention(parameters)
    read_strategy(parameters)
    parameters.finish()
    instrument = instruments.get(symbol)
    if instrument is None:
        raise invalid_symbol()
    if not instrument.settles:
        raise refused(Refusal.MARKET_CLOSED)
    return order_of(terms, Common(instrument, side, response_type, prevention), client_order_id)


def read_terms(parameters: Parameters, order_type: OrderType, leg: str = "") -> Terms:
    """The parameters that depend on the type; those of a list's `leg` carry its name in front.

    Raises:
        ApiError: one is missing, was sent when not required, or does not go with another.
    """
    rule = _RULES[order_type]
    names = {name: parameter_name(name, leg) for name in (*_DECIMALS, "timeInForce")}
    names["quantity"] = "quantity"
    if parameters.number(parameter_name("trailingDelta", leg)) is not None:
        raise bad_request(-2010, "Trailing stop orders are not supported for this symbol.")
    time_in_force = _time_in_force(parameters, rule, names["timeInForce"])
    texts: dict[str, str] = {}
    for name in _DECIMALS:
        if leg and name == "quoteOrderQty":
            continue
        text = parameters.text(names[name], DECIMAL)
        if text is None:
            if name in rule.required:
                raise missing(names[name])
        elif name not in rule.required | rule.optional:
            raise not_required(names[name])
        else:
            texts[name] = text
    if order_type is OrderType.MARKET and len(texts) != 1:
        raise missing_both("quantity", "quoteOrderQty") if not texts else bad_combination()
    if "icebergQty" in texts and Decimal(texts["icebergQty"]) == 0:
        del texts["icebergQty"]
    if "icebergQty" in texts and time_in_force is not TimeInForce.GTC:
        raise unsupported_combination()
    if time_in_force is TimeInForce.GTD and "goodTillDate" not in rule.optional:
        raise unsupported_combination()
    expires_at_ms = 0 if leg else _good_till_date(parameters, time_in_force)
    return Terms(order_type, time_in_force, expires_at_ms, texts, names)


def order_of(terms: Terms, common: Common, client_order_id: str) -> NewOrder:
    """The order, held against the market's filters. Raises ApiError where one refuses it."""
    market = common.instrument
    quantity, value = terms.decimal("quantity"), terms.decimal("quoteOrderQty")
    price, stop_price = terms.decimal("price"), terms.decimal("stopPrice")
    iceberg = terms.decimal("icebergQty")
    ticks = 0 if price is None else check_price(market, price)
    stop_ticks = 0 if stop_price is None else check_price(market, stop_price)
    lots = 0 if quantity is None else check_quantity(market, quantity)
    iceberg_lots = 0 if iceberg is None else check_iceberg(market, iceberg, lots)
    quote_quantity = None if value is None else check_value(market, value)
    if ticks:
        check_notional(market, ticks, lots)
    return NewOrder(
        instrument=market,
        side=common.side,
        order_type=terms.order_type,
        time_in_force=terms.time_in_force,
        price=market.price(ticks) if ticks else ZERO,
        price_ticks=ticks,
        quantity=market.quantity(lots) if lots else ZERO,
        quantity_lots=lots,
        client_order_id=client_order_id,
        response_type=common.response_type or _default_response(terms.order_type),
        self_trade_prevention=common.self_trade_prevention,
        quote_quantity=quote_quantity,
        stop_price=market.price(stop_ticks) if stop_ticks else None,
        stop_ticks=stop_ticks,
        iceberg_quantity=market.quantity(iceberg_lots) if iceberg_lots else None,
        iceberg_lots=iceberg_lots,
        expires_at_ms=terms.expires_at_ms,
    )


def _time_in_force(parameters: Parameters, rule: _Rule, name: str) -> TimeInForce:
    """GTC stands for all types that do not ask for one, as Binance shows them."""
    text = parameters.text(name)
    if "timeInForce" not in rule.required:
        if text is not None:
            raise not_required(name)
        return TimeInForce.GTC
    if text is None:
        raise missing(name)
    try:
        return TimeInForce(text)
    except ValueError as error:
        raise bad_request(-1115, "Invalid timeInForce.") from error


def _good_till_date(parameters: Parameters, time_in_force: TimeInForce) -> int:
    """`goodTillDate` in milliseconds, 0 without; it goes with GTD and nothing else."""
    sent = parameters.number("goodTillDate")
    if time_in_force is TimeInForce.GTD:
        if sent is None:
            raise missing("goodTillDate")
        return sent
    if sent is not None:
        raise not_required("goodTillDate")
    return 0


def _default_response(order_type: OrderType) -> ResponseType:
    immediate = order_type in {OrderType.LIMIT, OrderType.MARKET}
    return ResponseType.FULL if immediate else ResponseType.ACK
