"""Local order books of real clients stay the engine's own, at 200 changes a second, over a break
of their connection: whenever a client has reached a number, its levels are the book's there."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.command_feed import BENCH_MARKET, CommandFeed
from reconciliation.sources import Sources
from stack.platform import Platform
from tests.support.book_log import fingerprints, of_lines
from tests.support.client_environments import SCRIPTS, client_python, run_script
from tests.support.ledger_checks import require_reconciled
from tests.support.waits import ended

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

RATE = 200  # changes of the book a second
QUICK_S, LONG_S = 20, 300
SNAPSHOT_PAUSE_S = 2.0
LEAST_PER_SECOND = {"100 ms": 5, "1 s": 0.7, "REST": 0.3}


async def test_ccxts_book_is_the_engines_and_no_money_moves(
    platform: Platform, sources: Sources
) -> None:
    told = await follow(platform, Path(sys.executable), "ccxt_depth", QUICK_S)
    await require_equal(platform, told, QUICK_S)
    assert told["checksum_errors"] == 0
    assert told["interruptions"] >= 1
    facts = await sources.look()
    assert facts.log.trade_ids[BENCH_MARKET.symbol]
    assert not [r for r in facts.ledger.settled if r.startswith(BENCH_MARKET.symbol)]
    assert not [f for f in facts.orders.fills if f.symbol == BENCH_MARKET.symbol]
    await require_reconciled(sources)


@pytest.mark.long
async def test_newest_ccxts_book_is_the_engines_for_minutes(platform: Platform) -> None:
    told = await follow(platform, await client_python("ccxt"), "ccxt_depth", LONG_S)
    await require_equal(platform, told, LONG_S)
    assert told["checksum_errors"] == 0
    assert told["interruptions"] >= 1


@pytest.mark.long
async def test_python_binances_books_are_the_engines_for_minutes(platform: Platform) -> None:
    python = await client_python("python-binance")
    told = await follow(platform, python, "python_binance_depth", LONG_S)
    await require_equal(platform, told, LONG_S)
    assert min(told["interruptions"]) >= 1
    assert max(told["snapshots"]) <= 6  # at most three a connection: a gap would cost one more


async def follow(platform: Platform, python: Path, script: str, seconds: float) -> dict[str, Any]:
    """What the client saw, and under "REST" what snapshots said meanwhile."""
    environment = {
        "API": platform.api_url,
        "WS": platform.ws_url,
        "KEY": "",
        "SECRET": "",
        "MAKER_KEY": "",
        "MAKER_SECRET": "",
        "BENCH_SYMBOL": BENCH_MARKET.symbol,
        "SECONDS_LONG": str(seconds),
    }
    async with CommandFeed(platform.settings().kafka, rate=RATE) as feed:
        rest: dict[int, str] = {}
        watching = asyncio.create_task(take_snapshots(platform, rest))
        try:
            told = await run_script(python, SCRIPTS / f"{script}.py", environment, seconds + 60)
        finally:
            await ended(watching)
    assert feed.sent > 0.9 * RATE * seconds
    assert isinstance(told, dict)
    told["books"]["REST"] = rest
    return told


async def take_snapshots(platform: Platform, found: dict[int, str]) -> None:
    """`lastUpdateId` → fingerprint of the whole book that REST shows, every few seconds."""
    async with httpx.AsyncClient(base_url=platform.api_url, timeout=10) as http:
        while True:
            answer = await http.get(f"/api/v3/depth?symbol={BENCH_MARKET.symbol}&limit=5000")
            assert answer.status_code == httpx.codes.OK, answer.text
            book = answer.json()
            found[book["lastUpdateId"]] = of_lines(
                f"{price} {quantity}" for price, quantity in (*book["bids"], *book["asks"])
            )
            await asyncio.sleep(SNAPSHOT_PAUSE_S)


async def require_equal(platform: Platform, told: dict[str, Any], seconds: float) -> None:
    """Every book that was reported is the engine's at that number; a few a second were."""
    for stream, books in told["books"].items():
        seen = {int(number): found for number, found in books.items()}
        expected = await fingerprints(platform.settings().kafka, BENCH_MARKET, seen.keys())
        wrong = sorted(number for number in seen if seen[number] != expected.get(number))
        assert not wrong, f"{stream}: {len(wrong)} of {len(seen)} books differ, from {wrong[0]} on"
        assert len(seen) > seconds * LEAST_PER_SECOND[stream]
