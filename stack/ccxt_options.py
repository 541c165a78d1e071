"""What ccxt is given to trade here, as Binance: written into status.json, ready to be taken."""

from typing import Any

from stack.seed import DemoUser


def ccxt_options(api: str, ws: str, user: DemoUser) -> dict[str, Any]:
    """For `ccxt.binance(…)` and `ccxt.pro.binance(…)`, in this user's name.

    The options keep ccxt from asking Binance's other hosts for futures, networks and margin.
    """
    rest = f"{api}/api/v3"
    sockets = {"spot": f"{ws}/stream/ws", "ws-api": {"spot": f"{ws}/ws-api/v3"}}
    return {
        "apiKey": user.api_key,
        "secret": user.api_secret,
        "urls": {"api": {"public": rest, "private": rest, "ws": sockets}},
        "options": {
            "fetchMarkets": {"types": ["spot"]},
            "fetchCurrencies": False,
            "fetchMargins": False,
        },
    }
