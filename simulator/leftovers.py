"""Open orders of earlier runs that nobody in this mix will look after."""

from typing import Any

import structlog

from simulator.account import Credentials
from simulator.api import Api, ApiRefused
from simulator.refusals import Reaction

log = structlog.get_logger()


async def cancel_leftovers(api: Api, credentials: Credentials, kept: str | None) -> None:
    """Take back the user's orders in every market but `kept` (None: in all). Those that are
    kept are the agent's to take over. Raises ApiRefused."""
    key, secret = credentials.api_key, credentials.api_secret
    rows: list[dict[str, Any]] = await api.signed("GET", "openOrders", key, secret)
    for symbol in sorted({row["symbol"] for row in rows} - {kept}):
        try:
            gone = await api.signed("DELETE", "openOrders", key, secret, symbol=symbol)
        except ApiRefused as refused:
            if refused.reaction is not Reaction.DROP:  # dropped: they have ended by themselves
                raise
        else:
            log.info("simulator.leftovers_cancelled", symbol=symbol, orders=len(gone))
