"""What `exchangeInfo` says: the markets, their filters, and the rate limits."""

import json
from collections.abc import Mapping

from api.errors import bad_combination, bad_request, illegal_characters, invalid_symbol
from api.filters import published_filters
from api.parameters import SYMBOL, Parameters
from config.settings import GatewaySettings
from contracts.amounts import PLACES
from contracts.instruments import Instrument
from contracts.orders import OrderType, SelfTradePrevention

SYMBOLS_LEGAL = r'^\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\]$'
SYMBOL_STATUSES = frozenset({"TRADING", "HALT", "BREAK", "END_OF_DAY", "CANCEL_ONLY"})
PERMISSIONS_LEGAL = "^(SPOT|MARGIN|LEVERAGED|TRD_GRP_[0-9]{3})$"


def rate_limits(settings: GatewaySettings) -> list[dict[str, object]]:
    """The limits that the gateway enforces."""
    return [
        _limit("REQUEST_WEIGHT", "MINUTE", 1, settings.weight_per_minute),
        *order_limits(settings),
    ]


def order_limits(settings: GatewaySettings) -> list[dict[str, object]]:
    """How many new orders a user may send, in the order of `SignedCall.order_windows`."""
    return [
        _limit("ORDERS", "SECOND", 10, settings.orders_per_10s),
        _limit("ORDERS", "DAY", 1, settings.orders_per_day),
    ]


def symbol_info(instrument: Instrument, *, shows_permission_sets: bool = True) -> dict[str, object]:
    """One market as Binance describes it."""
    return {
        "symbol": instrument.symbol,
        "status": status_of(instrument),
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


def status_of(instrument: Instrument) -> str:
    """`BREAK` where nobody can trade. A halt is the engine's: it is not told here."""
    return "TRADING" if instrument.settles else "BREAK"


def wanted_markets(
    parameters: Parameters, instruments: Mapping[str, Instrument]
) -> list[Instrument]:
    """The markets that the request asks for: all of them where it names none."""
    symbol = parameters.text("symbol", SYMBOL)
    listed = parameters.text("symbols")
    status = parameters.text("symbolStatus")
    permissions = parameters.text("permissions")
    if sum(value is not None for value in (symbol, listed, permissions)) > 1 or (
        status is not None and (symbol is not None or listed is not None)
    ):
        raise bad_combination()
    if status is not None and status not in SYMBOL_STATUSES:
        raise bad_request(-1122, "Invalid symbolStatus.")
    if symbol is not None:
        return [_market(symbol, instruments)]
    if listed is not None:
        return [_market(name, instruments) for name in _symbols(listed)]
    if permissions is not None and not _asks_for_spot(permissions):
        return []
    return [i for i in instruments.values() if status in {None, status_of(i)}]


def _market(symbol: str, instruments: Mapping[str, Instrument]) -> Instrument:
    instrument = instruments.get(symbol)
    if instrument is None:
        raise invalid_symbol()
    return instrument


def _symbols(text: str) -> list[str]:
    try:
        names = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise illegal_characters("symbols", SYMBOLS_LEGAL) from error
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise illegal_characters("symbols", SYMBOLS_LEGAL)
    if len(set(names)) != len(names):
        raise bad_request(-1151, "Symbol is present multiple times in the list.")
    return names


def _asks_for_spot(permissions: str) -> bool:
    if permissions.startswith("["):
        try:
            names = json.loads(permissions)
        except (ValueError, RecursionError) as error:
            raise illegal_characters("permissions", PERMISSIONS_LEGAL) from error
        return isinstance(names, list) and "SPOT" in names
    return permissions == "SPOT"


def _limit(kind: str, interval: str, number: int, limit: int) -> dict[str, object]:
    return {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}
