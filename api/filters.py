"""A market's filters: what `exchangeInfo` publishes and what an order is held against."""

from decimal import Decimal

from api.errors import bad_request, filter_failure
from contracts.amounts import PLACES, Amount, amount_text, to_e8
from contracts.instruments import Instrument, OffLot, OffTick

ALGO_ORDERS_MAX = 5


def published_filters(instrument: Instrument) -> list[dict[str, object]]:
    """The filters as Binance lays them out."""
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
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": instrument.min_quantity,
            "maxQty": instrument.max_quantity,
            "stepSize": instrument.lot,
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": instrument.min_notional,
            "applyMinToMarket": True,
            "maxNotional": instrument.max_notional,
            "applyMaxToMarket": False,
            "avgPriceMins": 5,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": instrument.max_open_orders},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": ALGO_ORDERS_MAX},
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


def check_notional(instrument: Instrument, ticks: int, lots: int) -> Amount:
    """What the order is worth. Raises ApiError where NOTIONAL refuses it."""
    worth_e8 = ticks * lots * instrument.notional_unit_e8
    if not to_e8(instrument.min_notional) <= worth_e8 <= to_e8(instrument.max_notional):
        raise filter_failure("NOTIONAL")
    return instrument.notional(ticks, lots)


def check_open_orders(instrument: Instrument, open_orders: int) -> None:
    """Raises ApiError where one more order would be too many."""
    if open_orders >= instrument.max_open_orders:
        raise filter_failure("MAX_NUM_ORDERS")


def decimals_of(step: Amount) -> int:
    """How many decimals a step has: 0.01000000 has two."""
    return len(amount_text(step).partition(".")[2].rstrip("0"))
