"""A market's filters: what `exchangeInfo` publishes and what an order is held against."""

from decimal import Decimal
from typing import Final

from api.commissions import rate
from api.errors import bad_request, filter_failure
from contracts.amounts import PLACES, Amount, InvalidAmount, to_e8
from contracts.instruments import Instrument, OffLot, OffTick
from contracts.order_views import OpenCounts

ICEBERG_ORDERS_MAX: Final = 20
ORDER_LISTS_MAX: Final = 20


def published_filters(instrument: Instrument) -> list[dict[str, object]]:
    """The filters as Binance lays them out. The band is measured from the last price alone."""
    return [
        {
            "filterType": "PRICE_FILTER",
            "minPrice": instrument.min_price,
            "maxPrice": instrument.max_price,
            "tickSize": instrument.tick,
        },
        {
            "filterType": "LOT_SIZE",
            "minQty": instrument.min_quantity,
            "maxQty": instrument.max_quantity,
            "stepSize": instrument.lot,
        },
        {"filterType": "ICEBERG_PARTS", "limit": instrument.max_iceberg_parts},
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": instrument.min_quantity,
            "maxQty": instrument.max_quantity,
            "stepSize": instrument.lot,
        },
        {
            "filterType": "PERCENT_PRICE_BY_SIDE",
            "bidMultiplierUp": rate(instrument.bid_up_ppm),
            "bidMultiplierDown": rate(instrument.bid_down_ppm),
            "askMultiplierUp": rate(instrument.ask_up_ppm),
            "askMultiplierDown": rate(instrument.ask_down_ppm),
            "avgPriceMins": 0,
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": instrument.min_notional,
            "applyMinToMarket": True,
            "maxNotional": instrument.max_notional,
            "applyMaxToMarket": True,
            "avgPriceMins": 0,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": instrument.max_open_orders},
        {
            "filterType": "MAX_NUM_ALGO_ORDERS",
            "maxNumAlgoOrders": instrument.max_conditional_orders,
        },
        {"filterType": "MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders": ICEBERG_ORDERS_MAX},
        {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": ORDER_LISTS_MAX},
    ]


def exact(name: str, text: str) -> Decimal:
    """A decimal of at most eight places; zeros at the end do not count.

    Raises:
        ApiError: more places than money has, or a value that is not positive.
    """
    value = Decimal(text)
    fraction = text.partition(".")[2].rstrip("0")
    if len(fraction) > PLACES:
        raise bad_request(-1111, f"Parameter '{name}' has too much precision.")
    if value <= 0:
        raise bad_request(-1013, f"Invalid {name}.")
    return value


def check_price(instrument: Instrument, price: Decimal) -> int:
    """The price in ticks. Raises ApiError where PRICE_FILTER refuses it."""
    if not instrument.min_price <= price <= instrument.max_price:
        raise filter_failure("PRICE_FILTER")
    try:
        return instrument.price_ticks(price)
    except OffTick as error:
        raise filter_failure("PRICE_FILTER") from error


def check_quantity(instrument: Instrument, quantity: Decimal) -> int:
    """The quantity in lots. Raises ApiError where LOT_SIZE refuses it."""
    if not instrument.min_quantity <= quantity <= instrument.max_quantity:
        raise filter_failure("LOT_SIZE")
    try:
        return instrument.quantity_lots(quantity)
    except OffLot as error:
        raise filter_failure("LOT_SIZE") from error


def check_iceberg(instrument: Instrument, iceberg: Decimal, lots: int) -> int:
    """The visible quantity in lots. Raises ApiError where LOT_SIZE or ICEBERG_PARTS refuses it,
    or where it is more than the order's `lots`."""
    visible = check_quantity(instrument, iceberg)
    if visible > lots:
        raise bad_request(-2010, "IcebergQty exceeds QTY.")
    if -(-lots // visible) > instrument.max_iceberg_parts:
        raise filter_failure("ICEBERG_PARTS")
    return visible


def check_notional(instrument: Instrument, ticks: int, lots: int) -> Amount:
    """What the order is worth. Raises ApiError where NOTIONAL refuses it."""
    check_worth(instrument, ticks * lots * instrument.notional_unit_e8)
    return instrument.notional(ticks, lots)


def check_value(instrument: Instrument, value: Decimal) -> Amount:
    """The value of a market order by value. Raises ApiError where NOTIONAL refuses it."""
    try:
        amount = Amount(value)
    except InvalidAmount as error:
        raise filter_failure("NOTIONAL") from error
    check_worth(instrument, to_e8(amount))
    return amount


def check_worth(instrument: Instrument, worth_e8: int) -> None:
    """Raises ApiError where NOTIONAL refuses what an order is worth, in 0.00000001 of quote."""
    if not to_e8(instrument.min_notional) <= worth_e8 <= to_e8(instrument.max_notional):
        raise filter_failure("NOTIONAL")


def check_counts(instrument: Instrument, now: OpenCounts, added: OpenCounts) -> None:
    """Raises ApiError where `added` would be too many beside those that are open now."""
    for name, present, more, most in (
        ("MAX_NUM_ORDERS", now.orders, added.orders, instrument.max_open_orders),
        (
            "MAX_NUM_ALGO_ORDERS",
            now.conditional,
            added.conditional,
            instrument.max_conditional_orders,
        ),
        ("MAX_NUM_ICEBERG_ORDERS", now.iceberg, added.iceberg, ICEBERG_ORDERS_MAX),
        ("MAX_NUM_ORDER_LISTS", now.lists, added.lists, ORDER_LISTS_MAX),
    ):
        if more and present + more > most:
            raise filter_failure(name)
