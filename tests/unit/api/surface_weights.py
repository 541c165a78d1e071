"""What each endpoint of `/api/v3` weighs, as a table."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.unit.api.signing import LIMIT_BUY, OCO_SELL

BTC = {"symbol": "BTCUSDT"}
ORDER = {**BTC, "orderId": "41"}
REPLACE = {**LIMIT_BUY, "cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": "41"}
TWO = {"symbols": '["BTCUSDT","ETHBTC"]'}
TRADING = {"symbolStatus": "TRADING"}
CANDLES = {**BTC, "interval": "1m"}


class Weight(NamedTuple):
    """A request, and what `X-MBX-USED-WEIGHT-1M` says after it alone, where it succeeds.

    `failed` is what one that is refused weighs, where that is more.
    """

    request_line: str
    parameters: Mapping[str, str]
    weight: int
    signed: bool = False
    failed: int | None = None


WEIGHTS = (
    Weight("GET ping", {}, 1),
    Weight("GET time", {}, 1),
    Weight("GET exchangeInfo", {}, 20),
    Weight("GET exchangeInfo", TRADING, 20),
    *(
        Weight("GET depth", {**BTC, "limit": str(limit)}, weight)
        for limit, weight in (
            *((1, 5), (100, 5), (101, 25), (500, 25)),
            *((501, 50), (1_000, 50), (1_001, 250), (5_000, 250)),
        )
    ),
    Weight("GET depth", BTC, 5),
    Weight("GET depth", {**BTC, **TRADING}, 5),
    Weight("GET trades", BTC, 25),
    Weight("GET historicalTrades", BTC, 25),
    Weight("GET aggTrades", BTC, 4),
    Weight("GET klines", CANDLES, 2),
    Weight("GET uiKlines", CANDLES, 2),
    Weight("GET avgPrice", BTC, 2),
    Weight("GET ticker/24hr", BTC, 2),
    Weight("GET ticker/24hr", TWO, 2),
    Weight("GET ticker/24hr", {}, 80),
    Weight("GET ticker/24hr", TRADING, 80),
    Weight("GET ticker/price", BTC, 2),
    Weight("GET ticker/price", TWO, 4),
    Weight("GET ticker/price", {}, 4),
    Weight("GET ticker/price", TRADING, 4),
    Weight("GET ticker/bookTicker", BTC, 2),
    Weight("GET ticker/bookTicker", TWO, 4),
    Weight("GET ticker/bookTicker", {}, 4),
    Weight("GET ticker/bookTicker", TRADING, 4),
    Weight("GET ticker", BTC, 4),
    Weight("GET ticker", TWO, 8),
    Weight("GET ticker/tradingDay", BTC, 4),
    Weight("GET ticker/tradingDay", TWO, 8),
    Weight("GET executionRules", BTC, 2),
    Weight("GET executionRules", TWO, 4),
    Weight("GET executionRules", {}, 40),
    Weight("GET executionRules", TRADING, 40),
    Weight("GET referencePrice", BTC, 2),
    Weight("POST order", LIMIT_BUY, 0, signed=True, failed=1),
    Weight("POST order/test", LIMIT_BUY, 1, signed=True),
    Weight("POST order/test", {**LIMIT_BUY, "computeCommissionRates": "true"}, 20, signed=True),
    Weight("DELETE order", ORDER, 0, signed=True, failed=1),
    Weight("DELETE openOrders", BTC, 0, signed=True, failed=1),
    Weight("POST order/cancelReplace", REPLACE, 0, signed=True, failed=1),
    Weight("PUT order/amend/keepPriority", {**ORDER, "newQty": "0.4"}, 4, signed=True),
    Weight("POST orderList/oco", OCO_SELL, 0, signed=True, failed=1),
    Weight("DELETE orderList", {**BTC, "orderListId": "9"}, 0, signed=True, failed=1),
    Weight("GET orderList", {"orderListId": "9"}, 4, signed=True),
    Weight("GET allOrderList", {}, 20, signed=True),
    Weight("GET openOrderList", {}, 6, signed=True),
    Weight("GET order", ORDER, 4, signed=True),
    Weight("GET openOrders", BTC, 6, signed=True),
    Weight("GET openOrders", {}, 80, signed=True),
    Weight("GET allOrders", BTC, 20, signed=True),
    Weight("GET myTrades", BTC, 20, signed=True),
    Weight("GET myTrades", ORDER, 5, signed=True),
    Weight("GET account", {}, 20, signed=True),
    Weight("GET account/commission", BTC, 20, signed=True),
    Weight("GET rateLimit/order", {}, 40, signed=True),
    Weight("GET myPreventedMatches", {**BTC, "preventedMatchId": "1"}, 2, signed=True),
    Weight("GET myPreventedMatches", ORDER, 20, signed=True),
)
