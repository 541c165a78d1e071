"""`tradeflow reconcile` on the running exchange: silent when all agrees, loud when a unit moves."""

import asyncio
import json
import sys
from decimal import Decimal
from typing import Any

import aiomysql
import pytest

from contracts.topology import WALLET_DATABASE
from reconciliation.sources import Sources
from stack.paths import ROOT
from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.ledger_checks import require_reconciled
from tests.support.trader import Trader

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def _reconcile(platform: Platform, *options: str) -> tuple[int, str]:
    command = ("-m", "cli.main", "reconcile", "--data-dir", str(platform.data_dir), *options)
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def test_exchange_that_agrees_exits_with_0(
    platform: Platform, new_trader: NewTrader, sources: Sources
) -> None:
    trader = await new_trader()
    await trader.place(SYMBOL, "BUY", "1", "0.02")
    await require_reconciled(sources)
    status, output = await _reconcile(platform)
    assert status == 0, output
    assert "R9" in output


async def test_one_unit_too_much_is_named_and_exits_with_1(
    platform: Platform, new_trader: NewTrader, sources: Sources
) -> None:
    trader = await new_trader()
    await require_reconciled(sources)
    await _add_to_balance(platform, trader, Decimal("0.00000001"))
    try:
        status, output = await _reconcile(platform, "--json", "--patience", "1")
    finally:
        await _add_to_balance(platform, trader, Decimal("-0.00000001"))
    found: dict[str, Any] = json.loads(output)
    assert status == 1
    assert {b["rule"] for b in found["breaks"]} == {"R2"}
    await require_reconciled(sources)


async def _add_to_balance(platform: Platform, trader: Trader, amount: Decimal) -> None:
    """What no login of the exchange's own does: a balance without a posting."""
    mysql = platform.settings().mysql
    assert mysql.root is not None
    connection = await aiomysql.connect(
        host=mysql.host,
        port=mysql.port,
        user=mysql.root.user,
        password=mysql.root.password.get_secret_value(),
        db=WALLET_DATABASE,
        autocommit=True,
    )
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(
                "UPDATE wallet_balance b JOIN wallet w ON w.wallet_id = b.wallet_id"
                " SET b.amount = b.amount + %s"
                " WHERE w.user_id = %s AND w.currency = 'BTC' AND b.account = 'AVAILABLE'",
                (amount, trader.user_id),
            )
            assert cursor.rowcount == 1
    finally:
        connection.close()
