"""What each mistake under `/api/v3` is answered, as a table: status, code and words."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from contracts.orders import Refusal
from tests.unit.api.conftest import House
from tests.unit.api.signing import LIMIT_BUY, MAKER_BUY, MARKET_BUY, STOP_BUY
from tests.unit.api.surface_weights import BTC, CANDLES, ORDER, TRADING, TWO

Prepare = Callable[[House], None]


def refusing(refusal: Refusal) -> Prepare:
    def prepare(house: House) -> None:
        house.sagas.refusal = refusal

    return prepare


def silent(house: House) -> None:
    house.sagas.silent = True


def rebuilding(house: House) -> None:
    house.market_data.rebuilding = True


def never_traded(house: House) -> None:
    house.market_data.traded = []


def as_is(house: House) -> None:
    pass


class Mistake(NamedTuple):
    """A request, what is the matter, and what is answered. `%s` in `msg` is an example's value."""

    request_line: str
    parameters: Mapping[str, str]
    status: int
    code: int
    msg: str
    prepare: Prepare = as_is
    signed: bool = True


def public(path: str, parameters: Mapping[str, str], code: int, msg: str) -> Mistake:
    return Mistake(f"GET {path}", parameters, 400, code, msg, signed=False)


def place(change: Mapping[str, str], code: int, msg: str) -> Mistake:
    return Mistake("POST order", {**LIMIT_BUY, **change}, 400, code, msg)


def refused(refusal: Refusal, code: int, msg: str, order: Mapping[str, str] = LIMIT_BUY) -> Mistake:
    return Mistake("POST order", order, 400, code, msg, refusing(refusal))


COMBINATION = "Combination of optional parameters invalid."
NEITHER = "Param 'symbol' or 'symbols' must be sent, but both were empty/null!"
MISMATCH = "The symbol's status does not match the requested symbolStatus."
ALL_TIME = {"startTime": "2", "endTime": "1"}
LEGAL_SYMBOL = "^[A-Z0-9-_.]{1,20}$"
LEGAL_SYMBOLS = r'^\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\]$'
NO_SYMBOLS = (
    "[]",
    "{}",
    "null",
    '["btcusdt"]',
    '["BTCUSDT", "ETHBTC"]',
    '["BTCUSDT"',
    '["BTCUSDT",]',
    '["BTC USDT"]',
    "[1]",
    '["BTCUSDT",null]',
    '[["BTCUSDT"]]',
    "[" * 10_000,
    '["' + "B" * 21 + '"]',
    "['BTCUSDT']",
)
PERMITTED = (
    r'^(SPOT|MARGIN|LEVERAGED|TRD_GRP_[0-9]{3}|\["(SPOT|MARGIN|LEVERAGED|TRD_GRP_[0-9]{3})"'
    r'(,"(SPOT|MARGIN|LEVERAGED|TRD_GRP_[0-9]{3})"){0,}\])$'
)
NO_PERMISSIONS = (
    "[]",
    "{}",
    "spot",
    "FUTURES",
    '["SPOT","FUTURES"]',
    '["SPOT"',
    "TRD_GRP_1",
    "SPOT\n",
)
MARKETS = ("depth", "trades", "historicalTrades", "aggTrades", "avgPrice", "referencePrice")
SELECTING = ("ticker/24hr", "ticker/price", "ticker/bookTicker", "ticker", "ticker/tradingDay")
REBUILT = (
    503,
    -1008,
    "Server is currently overloaded with other requests. Please try again in a few minutes.",
)


def not_valid(name: str) -> str:
    return f"Data sent for parameter '{name}' is not valid."


def missing(name: str) -> str:
    return f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed."


def illegal(name: str, legal: str) -> str:
    return f"Illegal characters found in parameter '{name}'; legal range is '{legal}'."


MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "unknown symbol": (
        place({"symbol": "DOGEUSDT"}, -1121, "Invalid symbol."),
        *(public(path, {"symbol": "DOGEUSDT"}, -1121, "Invalid symbol.") for path in MARKETS),
        *(public(path, {"symbol": "DOGEUSDT"}, -1121, "Invalid symbol.") for path in SELECTING),
        *(public(path, {"symbols": '["DOGE"]'}, -1121, "Invalid symbol.") for path in SELECTING),
        public("klines", {**CANDLES, "symbol": "DOGEUSDT"}, -1121, "Invalid symbol."),
        public("uiKlines", {**CANDLES, "symbol": "DOGEUSDT"}, -1121, "Invalid symbol."),
        public("exchangeInfo", {"symbol": "DOGEUSDT"}, -1121, "Invalid symbol."),
        public("executionRules", {"symbol": "DOGEUSDT"}, -1121, "Invalid symbol."),
    ),
    "no funds": (
        refused(
            Refusal.INSUFFICIENT_FUNDS,
            -2010,
            "Account has insufficient balance for requested action.",
        ),
    ),
    "halted": (refused(Refusal.MARKET_CLOSED, -2010, "Market is closed."),),
    "post-only would take": (
        refused(Refusal.WOULD_TAKE, -2010, "Order would immediately match and take.", MAKER_BUY),
    ),
    "stop would trigger": (
        refused(Refusal.WOULD_TRIGGER, -2010, "Order would trigger immediately.", STOP_BUY),
    ),
    "duplicate client id among open orders": (
        refused(Refusal.DUPLICATE_ORDER, -2010, "Duplicate order sent."),
    ),
    "lot": (place({"quantity": "0.000015"}, -1013, "Filter failure: LOT_SIZE"),),
    "tick": (place({"price": "60000.001"}, -1013, "Filter failure: PRICE_FILTER"),),
    "price band": (
        refused(Refusal.PRICE_OUT_OF_BAND, -1013, "Filter failure: PERCENT_PRICE_BY_SIDE"),
    ),
    "notional": (
        place({"quantity": "0.00001", "price": "1"}, -1013, "Filter failure: NOTIONAL"),
        Mistake(
            "POST order",
            {**MARKET_BUY, "quantity": "0.00001"},
            400,
            -1013,
            "Filter failure: NOTIONAL",
        ),
    ),
    "cancel unknown": (Mistake("DELETE order", ORDER, 400, -2011, "Unknown order sent."),),
    "query unknown": (Mistake("GET order", ORDER, 400, -2013, "Order does not exist."),),
    "timestamp": (
        Mistake(
            "GET account",
            {"timestamp": "1799999990000"},
            400,
            -1021,
            "Timestamp for this request is outside of the recvWindow.",
        ),
        Mistake(
            "GET account",
            {"timestamp": "1800000001000"},
            400,
            -1021,
            "Timestamp for this request was 1000ms ahead of the server's time.",
        ),
    ),
    "saga timeout": (
        Mistake(
            "POST order",
            LIMIT_BUY,
            504,
            -1007,
            "Timeout waiting for response from backend server."
            " Send status unknown; execution status unknown.",
            silent,
        ),
    ),
    "overload": tuple(
        Mistake(f"GET {path}", parameters, *REBUILT, rebuilding, signed=False)
        for path, parameters in (
            *((path, BTC) for path in MARKETS),
            *((path, BTC) for path in SELECTING),
            *((path, TWO) for path in SELECTING),
            ("klines", CANDLES),
            ("uiKlines", CANDLES),
        )
    ),
    "missing": (
        Mistake("POST order", {**BTC, "side": "BUY"}, 400, -1102, missing("type")),
        *(public(path, {}, -1102, missing("symbol")) for path in (*MARKETS, "klines", "uiKlines")),
        public("klines", BTC, -1102, missing("interval")),
        *(
            public(path, parameters, -1102, NEITHER)
            for path in ("ticker", "ticker/tradingDay")
            for parameters in ({}, TRADING)
        ),
    ),
    "empty": (
        place({"price": ""}, -1105, "Parameter 'price' was empty."),
        public("klines", {**BTC, "interval": ""}, -1105, "Parameter 'interval' was empty."),
        public("ticker", {"symbol": ""}, -1105, "Parameter 'symbol' was empty."),
        public("ticker", {"symbols": ""}, -1105, "Parameter 'symbols' was empty."),
        public("exchangeInfo", {"permissions": ""}, -1105, "Parameter 'permissions' was empty."),
    ),
    "bad characters": (
        place({"symbol": "btcusdt"}, -1100, illegal("symbol", LEGAL_SYMBOL)),
        public("trades", {"symbol": "btcusdt"}, -1100, illegal("symbol", LEGAL_SYMBOL)),
        public("aggTrades", {**BTC, "fromId": "-1"}, -1100, illegal("fromId", "^[0-9]{1,20}$")),
        *(
            public("ticker/price", {"symbols": text}, -1100, illegal("symbols", LEGAL_SYMBOLS))
            for text in NO_SYMBOLS
        ),
        *(
            public(path, {"symbols": "BTC"}, -1100, illegal("symbols", LEGAL_SYMBOLS))
            for path in (*SELECTING, "exchangeInfo", "executionRules")
        ),
        *(
            public("exchangeInfo", {"permissions": text}, -1100, illegal("permissions", PERMITTED))
            for text in NO_PERMISSIONS
        ),
    ),
    "precision": (
        place({"price": "1.123456789"}, -1111, "Parameter 'price' has too much precision."),
    ),
    "time in force": (place({"timeInForce": "GTX"}, -1115, "Invalid timeInForce."),),
    "type": (place({"type": "SWAP"}, -1116, "Invalid orderType."),),
    "side": (place({"side": "HOLD"}, -1117, "Invalid side."),),
    "interval": (
        public("klines", {**BTC, "interval": "7m"}, -1120, "Invalid interval."),
        public("klines", {**BTC, "interval": "1D"}, -1120, "Invalid interval."),
        public("uiKlines", {**BTC, "interval": "0"}, -1120, "Invalid interval."),
    ),
    "combination": (
        *(public(path, {**BTC, **TWO}, -1128, COMBINATION) for path in SELECTING),
        public("exchangeInfo", {**BTC, **TWO}, -1128, COMBINATION),
        public("exchangeInfo", {**BTC, "permissions": "SPOT"}, -1128, COMBINATION),
        public("exchangeInfo", {**TWO, "permissions": "SPOT"}, -1128, COMBINATION),
        public("exchangeInfo", {**BTC, **TRADING}, -1128, COMBINATION),
        public("exchangeInfo", {**TWO, **TRADING}, -1128, COMBINATION),
        public("executionRules", {**BTC, **TWO}, -1128, COMBINATION),
        public("executionRules", {**BTC, "symbolStatus": "TRADING"}, -1128, COMBINATION),
        public("aggTrades", {**BTC, "fromId": "1", "startTime": "1"}, -1128, COMBINATION),
        public("aggTrades", {**BTC, "fromId": "1", "endTime": "1"}, -1128, COMBINATION),
        public("aggTrades", {**BTC, **ALL_TIME}, -1128, COMBINATION),
        public("klines", {**CANDLES, **ALL_TIME}, -1128, COMBINATION),
        Mistake("GET allOrders", {**BTC, **ALL_TIME}, 400, -1128, COMBINATION),
    ),
    "duplicates": tuple(
        public(
            path,
            {"symbols": '["BTCUSDT","BTCUSDT"]'},
            -1151,
            "Symbol is present multiple times in the list.",
        )
        for path in (*SELECTING, "exchangeInfo", "executionRules")
    ),
    "too long a span": (
        Mistake(
            "GET allOrders",
            {**BTC, "startTime": "1", "endTime": "86400002"},
            400,
            -1127,
            "More than 24 hours between startTime and endTime.",
        ),
    ),
    "overflow": (
        public("trades", {**BTC, "limit": "9" * 20}, -1108, "Parameter 'limit' overflowed."),
    ),
    "not valid": (
        *(
            public(path, {**BTC, "limit": "0"}, -1130, not_valid("limit"))
            for path in ("depth", "trades", "historicalTrades", "aggTrades")
        ),
        *(
            public("klines", {**CANDLES, "timeZone": zone}, -1130, not_valid("timeZone"))
            for zone in ("-12:01", "14:01", "15", "UTC", "1:60", "1:5", "--1", "x")
        ),
        *(
            public("ticker", {**BTC, "windowSize": size}, -1130, not_valid("windowSize"))
            for size in ("0m", "60m", "24h", "8d", "1d2h", "1w", "d", "-1m")
        ),
        *(
            public(path, {**BTC, "type": "full"}, -1130, not_valid("type"))
            for path in ("ticker/24hr", "ticker", "ticker/tradingDay")
        ),
    ),
    "status": (
        *(
            public(path, {**BTC, "symbolStatus": "ODD"}, -1122, "Invalid symbolStatus.")
            for path in (*SELECTING, "depth")
        ),
        *(
            public(path, {**BTC, "symbolStatus": "HALT"}, -1220, MISMATCH)
            for path in (*SELECTING, "depth")
        ),
    ),
    "no reference price": (
        Mistake(
            "GET referencePrice",
            BTC,
            400,
            -2043,
            "This symbol doesn't have a reference price.",
            never_traded,
            signed=False,
        ),
    ),
}
