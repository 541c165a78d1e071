"""Waiting until simulated traders have made a market."""

from typing import Any

import httpx

from tests.support.waits import until


async def ask(http: httpx.AsyncClient, path: str, **parameters: str | int) -> Any:
    """A public read that must succeed."""
    answer = await http.get(f"/api/v3/{path}", params=parameters)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


async def has_a_market(http: httpx.AsyncClient, symbol: str, levels: int, limit_s: float) -> None:
    """Both sides of that depth, and a trade after the last one there was."""
    before = await ask(http, "aggTrades", symbol=symbol, limit=1)
    last = before[-1]["a"] if before else -1

    async def seen() -> bool:
        book = await ask(http, "depth", symbol=symbol, limit=100)
        trades = await ask(http, "aggTrades", symbol=symbol, limit=1)
        deep = min(len(book["bids"]), len(book["asks"])) >= levels
        return deep and bool(trades) and trades[-1]["a"] > last

    await until(seen, f"a two-sided market in {symbol}", limit_s)
