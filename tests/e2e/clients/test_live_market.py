"""Real clients, unmodified, in a market that simulated traders move: what each is told of its
orders, trades and balances is what the ledger says, and the book that it keeps is the exchange's
own at every number at which both were seen."""

import tempfile
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from cli.reconcile import open_sources
from contracts.amounts import E8
from reconciliation.sources import Sources
from stack.platform import Platform
from stack.workers import SIMULATOR
from tests.conftest import FOR_TESTS
from tests.support.client_environments import run_client
from tests.support.ledger_checks import every_trade, require_own_money, require_reconciled
from tests.support.live_market import has_a_market
from tests.support.trader import REQUEST_TIMEOUT_S, Trader, register

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.timeout(900)]

SYMBOL, BASE, QUOTE = "BTCUSDT", "BTC", "USDT"
FUNDS = {BASE: "1", QUOTE: "100000"}
LEVELS = 10
COMPARED = 5  # as tests/e2e/clients/scripts/live.py
STATUS = {"open": "NEW", "closed": "FILLED", "canceled": "CANCELED"}  # ccxt's words
CLIENTS = [
    ("ccxt", "live_ccxt"),
    ("python-binance", "live_python_binance"),
    ("binance-connector", "live_connector"),
]


class Lively(NamedTuple):
    """A platform with the calm mix at work, and eyes on all of it."""

    platform: Platform
    sources: Sources


@pytest.fixture(scope="module")
async def lively() -> AsyncIterator[Lively]:
    """One for all of these tests. At the end the traders stop, and all parts agree."""
    with tempfile.TemporaryDirectory(prefix="tf-", ignore_cleanup_errors=True) as directory:
        platform = Platform(Path(directory, "lively"), overrides=FOR_TESTS, simulation="calm")
        async with platform, open_sources(platform.settings()) as sources:
            yield Lively(platform, sources)
            await platform.servers.processes.stop(SIMULATOR.name)
            await require_reconciled(sources)


@pytest.mark.parametrize(("client", "script"), CLIENTS, ids=[script for _, script in CLIENTS])
async def test_a_client_among_others_is_told_what_ledger_and_book_say(
    lively: Lively, client: str, script: str
) -> None:
    platform = lively.platform
    async with httpx.AsyncClient(base_url=platform.api_url, timeout=REQUEST_TIMEOUT_S) as http:
        await has_a_market(http, SYMBOL, LEVELS, limit_s=120)
        trader = await register(http, **FUNDS)
        told = await run_client(client, script, environment(platform, trader), limit_s=240)

        await require_orders_and_trades(trader, told)
        await require_balances(trader, told)
        await require_ledger(lively.sources, trader)
    assert told["compared"] >= COMPARED
    assert told["least_levels"] > 0  # on both sides, at every number
    assert not told["different"], told["first_different"]


def environment(platform: Platform, trader: Trader) -> dict[str, str]:
    """What the script is told: addresses, and the key of the one who trades."""
    return {
        "API": platform.api_url,
        "WS": platform.ws_url,
        "KEY": trader.api_key,
        "SECRET": trader.api_secret,
        "MAKER_KEY": "",
        "MAKER_SECRET": "",
    }


async def require_orders_and_trades(trader: Trader, told: dict[str, Any]) -> None:
    orders = await trader.ask("allOrders", symbol=SYMBOL)
    assert isinstance(orders, list)
    assert {i: STATUS.get(s, s) for i, s in told["orders"].items()} == {
        str(order["orderId"]): order["status"] for order in orders
    }
    trades = await every_trade(trader, SYMBOL)
    assert {t["isBuyer"] for t in trades} == {True, False}
    assert [exact(*row) for row in told["trades"]] == [
        exact(t["id"], t["price"], t["qty"], t["commission"]) for t in trades
    ]


async def require_balances(trader: Trader, told: dict[str, Any]) -> None:
    held = await trader.balances()
    assert {c: exact(b["free"], b["used"]) for c, b in told["balances"].items()} == {
        currency: tuple(held[currency]) for currency in (BASE, QUOTE)
    }
    await require_own_money(trader, SYMBOL)


async def require_ledger(sources: Sources, trader: Trader) -> None:
    """Each own trade is settled once, and its lines are what the trade says."""
    settled = (await sources.look()).ledger.settled
    for trade in await every_trade(trader, SYMBOL):
        moved = {BASE: 0, QUOTE: 0}
        for line in settled[f"{SYMBOL}:{trade['id']}"]:
            if line.user_id == trader.user_id:
                moved[line.currency] += line.amount_e8
        sign = 1 if trade["isBuyer"] else -1
        expected = {BASE: sign * e8(trade["qty"]), QUOTE: -sign * e8(trade["quoteQty"])}
        expected[trade["commissionAsset"]] -= e8(trade["commission"])
        assert moved == expected, trade


def exact(*figures: object) -> tuple[Decimal, ...]:
    return tuple(Decimal(str(figure)) for figure in figures)


def e8(text: str) -> int:
    return int(Decimal(text) * E8)
