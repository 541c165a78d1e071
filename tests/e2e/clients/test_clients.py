"""Real clients, unmodified: what each is told is what ledger and book say.

Each runs in an environment of its own, made from requirements/clients.
"""

from decimal import Decimal
from typing import Any

import pytest

from reconciliation.sources import Sources
from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.client_environments import run_client
from tests.support.ledger_checks import every_trade, require_own_money, require_reconciled
from tests.support.trader import Trader

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.timeout(900)]

CLIENTS = [
    ("ccxt", "ccxt_rest"),
    ("ccxt", "ccxt_pro"),
    ("python-binance", "python_binance_rest"),
    ("python-binance", "python_binance_sockets"),
    ("binance-connector", "connector"),
    ("binance-sdk-spot", "sdk_spot"),
]
STATUS = {"open": "NEW", "closed": "FILLED", "canceled": "CANCELED"}  # ccxt's words


@pytest.mark.parametrize(("client", "script"), CLIENTS, ids=[script for _, script in CLIENTS])
async def test_client_trades_and_is_told_what_ledger_and_book_say(
    platform: Platform, new_trader: NewTrader, sources: Sources, client: str, script: str
) -> None:
    trader, maker = await new_trader(), await new_trader()
    told = await run_client(client, script, accounts(platform, trader, maker))
    assert figures(told["balances"]) == await ledger_balances(trader)
    trades = await every_trade(trader, SYMBOL)
    assert rows(told["trades"]) == rows(
        [t["id"], t["price"], t["qty"], t["commission"]] for t in trades
    )
    orders = await trader.ask("allOrders", symbol=SYMBOL)
    assert isinstance(orders, list)
    assert {i: STATUS.get(s, s) for i, s in told["orders"].items()} == {
        str(o["orderId"]): o["status"] for o in orders
    }
    assert rows(told["book"]) == rows(await engine_asks(sources))
    for one in (trader, maker):
        await require_own_money(one, SYMBOL)
    await require_reconciled(sources)


def accounts(platform: Platform, trader: Trader, maker: Trader) -> dict[str, str]:
    """What a client's script is told: addresses and two keys."""
    return {
        "API": platform.api_url,
        "WS": platform.ws_url,
        "KEY": trader.api_key,
        "SECRET": trader.api_secret,
        "MAKER_KEY": maker.api_key,
        "MAKER_SECRET": maker.api_secret,
    }


def rows(found: Any) -> list[tuple[Decimal, ...]]:
    return [tuple(Decimal(str(figure)) for figure in row) for row in found]


def figures(balances: dict[str, dict[str, Any]]) -> dict[str, tuple[Decimal, Decimal]]:
    return {
        c: (Decimal(str(held["free"])), Decimal(str(held["used"]))) for c, held in balances.items()
    }


async def ledger_balances(trader: Trader) -> dict[str, tuple[Decimal, Decimal]]:
    found = await trader.balances()
    return {c: found[c] for c in ("ETH", "BTC")}


async def engine_asks(sources: Sources) -> list[list[Decimal]]:
    """The asks that rest in the engine's own book, best first, as price and quantity."""
    facts = await sources.look()
    levels: dict[int, int] = {}
    for order in facts.book.orders[SYMBOL]:
        if order.side == "SELL" and order.resting:
            levels[order.price_ticks] = levels.get(order.price_ticks, 0) + order.remaining_lots
    return [
        [Decimal(ticks) / 100_000, Decimal(lots) / 1_000] for ticks, lots in sorted(levels.items())
    ]
