"""The methods of the WebSocket API, and the REST endpoint that carries each of them out.

Source of the names: Binance's web-socket-api.md.
"""

from typing import Final, NamedTuple


class Endpoint(NamedTuple):
    """Where a method is answered; `signed` needs apiKey, timestamp and signature."""

    verb: str
    path: str
    signed: bool = False


def _public(path: str) -> Endpoint:
    return Endpoint("GET", f"/api/v3/{path}")


def _signed(verb: str, path: str) -> Endpoint:
    return Endpoint(verb, f"/api/v3/{path}", signed=True)


ENDPOINTS: Final[dict[str, Endpoint]] = {
    "ping": _public("ping"),
    "time": _public("time"),
    "exchangeInfo": _public("exchangeInfo"),
    "depth": _public("depth"),
    "trades.recent": _public("trades"),
    "trades.historical": _public("historicalTrades"),
    "trades.aggregate": _public("aggTrades"),
    "klines": _public("klines"),
    "uiKlines": _public("uiKlines"),
    "avgPrice": _public("avgPrice"),
    "ticker": _public("ticker"),
    "ticker.24hr": _public("ticker/24hr"),
    "ticker.tradingDay": _public("ticker/tradingDay"),
    "ticker.price": _public("ticker/price"),
    "ticker.book": _public("ticker/bookTicker"),
    "executionRules": _public("executionRules"),
    "referencePrice": _public("referencePrice"),
    "order.place": _signed("POST", "order"),
    "order.test": _signed("POST", "order/test"),
    "order.cancel": _signed("DELETE", "order"),
    "order.cancelReplace": _signed("POST", "order/cancelReplace"),
    "order.amend.keepPriority": _signed("PUT", "order/amend/keepPriority"),
    "order.status": _signed("GET", "order"),
    "openOrders.status": _signed("GET", "openOrders"),
    "openOrders.cancelAll": _signed("DELETE", "openOrders"),
    "allOrders": _signed("GET", "allOrders"),
    "orderList.place.oco": _signed("POST", "orderList/oco"),
    "orderList.cancel": _signed("DELETE", "orderList"),
    "orderList.status": _signed("GET", "orderList"),
    "openOrderLists.status": _signed("GET", "openOrderList"),
    "allOrderLists": _signed("GET", "allOrderList"),
    "myTrades": _signed("GET", "myTrades"),
    "myPreventedMatches": _signed("GET", "myPreventedMatches"),
    "account.status": _signed("GET", "account"),
    "account.commission": _signed("GET", "account/commission"),
    "account.rateLimits.orders": _signed("GET", "rateLimit/order"),
}
NEEDS_ED25519: Final = frozenset({"session.logon", "userDataStream.subscribe"})
VERSION_PREFIX: Final = "v3/"
