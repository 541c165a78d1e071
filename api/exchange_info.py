"""What `exchangeInfo` says: the markets, their filters, and the rate limits."""

from collections.abc import Mapping

from api.errors import bad_combination
from api.filters import published_filters
from api.market_selection import listed_symbols, named_market, read_status
from api.market_statuses import MarketStatuses
from api.parameters import PERMISSIONS, SYMBOL, Parameters
from config.settings import GatewaySettings
from contracts.amounts import PLACES
from contracts.instruments import Instrument
from contracts.orders import OrderType, SelfTradePrevention


def rate_limits(settings: GatewaySettings) -> list[dict[str, object]]:
    """The limits that the gateway enforces."""
    return [
        _limit("REQUEST_WEIGHT", "MINUTE", 1, settings.weight_per_minute),
        *order_limits(settings),
        _limit("RAW_REQUESTS", "MINUTE", 5, settings.raw_requests_per_5m),
    ]


def order_limits(settings: GatewaySettings) -> list[dict[str, object]]:
    """How many new orders a user may send, in the order of `SignedCall.order_windows`."""
    return [
        _limit("ORDERS", "SECOND", 10, settings.orders_per_10s),
        _limit("ORDERS", "DAY", 1, settings.orders_per_day),
    ]


def symbol_info(
    instrument: Instrument, status: str, *, shows_permission_sets: bool = True
) -> dict[str, object]:
    """One market as Binance describes it."""
    return {
        "symbol": instrument.symbol,
        "status": status,
        "baseAsset": instrument.base,
        "baseAssetPrecision": PLACES,
        "quoteAsset": instrument.quote,
        "quotePrecision": PLACES,
        "quoteAssetPrecision": PLACES,
        "baseCommissionPrecision": PLACES,
        "quoteCommissionPrecision": PLACES,
        "orderTypes": list(OrderType),
        "icebergAllowed": True,
        "ocoAllowed": True,
        "otoAllowed": False,
        "opoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": True,
        "amendAllowed": True,
        "pegInstructionsAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": published_filters(instrument),
        "permissions": ["SPOT"],
        "permissionSets": [["SPOT"]] if shows_permission_sets else [],
        "defaultSelfTradePreventionMode": SelfTradePrevention.NONE,
        "allowedSelfTradePreventionModes": list(SelfTradePrevention),
    }


def wanted_markets(
    parameters: Parameters, instruments: Mapping[str, Instrument], statuses: MarketStatuses
) -> list[Instrument]:
    """The markets that the request asks for: all of them where it names none."""
    symbol = parameters.text("symbol", SYMBOL)
    listed = listed_symbols(parameters)
    status = read_status(parameters)
    permissions = parameters.text("permissions", PERMISSIONS)
    if sum(value is not None for value in (symbol, listed, permissions)) > 1 or (
        status is not None and (symbol is not None or listed is not None)
    ):
        raise bad_combination()
    if symbol is not None:
        return [named_market(symbol, instruments)]
    if listed is not None:
        return [named_market(name, instruments) for name in listed]
    if permissions is not None and "SPOT" not in permissions:
        return []  # nothing else is offered
    return [i for i in instruments.values() if status in {None, statuses.of(i)}]


def _limit(kind: str, interval: str, number: int, limit: int) -> dict[str, object]:
    return {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}
