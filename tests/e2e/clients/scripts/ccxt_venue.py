"""ccxt.pro pointed at the venue, for the scripts that use it with a key."""

import ccxt.pro
from venue import API, WS, Account


def exchange(account: Account) -> ccxt.pro.binance:
    """ccxt.pro knows spot streams by `/stream` in their address."""
    base, streams = f"{API}/api/v3", f"{WS}/stream/ws"
    return ccxt.pro.binance(
        {
            "apiKey": account.key,
            "secret": account.secret,
            "urls": {
                "api": {
                    "public": base,
                    "private": base,
                    "ws": {
                        "spot": streams,
                        "margin": streams,
                        "ws-api": {"spot": f"{WS}/ws-api/v3"},
                    },
                }
            },
            "options": {
                "fetchMarkets": {"types": ["spot"]},
                "fetchCurrencies": False,
                "fetchMargins": False,
            },
        }
    )
