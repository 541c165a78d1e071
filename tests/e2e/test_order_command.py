"""`tradeflow order` and `replay` on the running exchange: one order, all its witnesses."""

import asyncio
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stack.paths import ROOT
from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

STEPS = [
    "registered",
    "funds_reserved",
    "submitted",
    "order_partially_filled",
    "cancelled_in_engine",
    "order_cancelled",
    "released",
    "finalized",
]
COMPLETE = {"ORDER_ACCEPTED", "ORDER_FILLED", "ORDER_CANCELLED", "ORDER_FINALIZED"} | {
    "FUNDS_RESERVE",
    "FUNDS_TRADE",
    "FUNDS_RELEASE",
}
LOOKS = 15

Timeline = list[dict[str, Any]]


async def _run(platform: Platform, *arguments: str) -> tuple[int, str, str]:
    command = ("-m", "cli.main", *arguments, "--data-dir", str(platform.data_dir))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=pipe, stderr=pipe
    )
    output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


async def _timeline(platform: Platform, order_id: str) -> Timeline:
    """The order's timeline once the audit, which follows the rest, has written all of it."""
    for _ in range(LOOKS):
        status, output, errors = await _run(platform, "order", order_id, "--json")
        assert status == 0, errors
        found: Timeline = json.loads(output)
        if {one["kind"] for one in found if one["seen"] == "audit"} >= COMPLETE:
            return found
    raise AssertionError(f"the audit is not complete: {output}")


def _seen(found: Timeline, seen: str, kind: str | None = None) -> Iterator[dict[str, Any]]:
    return (e for e in found if e["seen"] == seen and kind in {None, e["kind"]})


async def _partly_filled_then_cancelled(new_trader: NewTrader) -> str:
    seller, buyer = await new_trader(), await new_trader()
    await seller.place(SYMBOL, "SELL", "1", "0.05")
    placed = await buyer.place(SYMBOL, "BUY", "3", "0.05", "followed")
    assert placed.json()["executedQty"] == "1.00000000", placed.text
    cancelled = await buyer.cancel(SYMBOL, "followed")
    assert cancelled.json()["status"] == "CANCELED", cancelled.text
    return str(placed.json()["orderId"])


async def test_all_witnesses_tell_one_story(platform: Platform, new_trader: NewTrader) -> None:
    found = await _timeline(platform, await _partly_filled_then_cancelled(new_trader))

    assert [e["at_ms"] for e in found] == sorted(e["at_ms"] for e in found)
    assert (found[0]["kind"], found[0]["since_ms"]) == ("ACCEPTED", 0)
    (row,) = _seen(found, "orders", "STATUS")
    assert (row["facts"]["status"], row["facts"]["finalized"]) == ("CANCELLED", True)

    assert [e["facts"]["name"] for e in _seen(found, "workflow", "STEP")] == STEPS
    (start,) = _seen(found, "workflow", "WORKFLOW_EXECUTION_STARTED")
    assert start["facts"]["status"] == "COMPLETED"
    assert {"accept_order", "cancel_order", "release_funds"} <= {
        e["facts"]["activity"] for e in _seen(found, "workflow", "LOCAL_ACTIVITY")
    }

    engine = list(_seen(found, "engine"))
    assert [e["kind"] for e in engine] == ["OrderAccepted", "OrderFilled", "OrderCancelled"]
    assert [e["facts"]["sequence"] for e in engine] == [1, 2, 3]
    assert engine[-1]["facts"]["filled_quantity"] == row["facts"]["filled_quantity"]

    (fill,) = _seen(found, "orders", "FILL")
    assert fill["facts"]["trade_id"] == engine[1]["facts"]["trade_id"]
    (trade,) = _seen(found, "wallet", "TRADE")
    assert trade["facts"]["reference_id"] == f"{SYMBOL}:{fill['facts']['trade_id']}"


async def test_its_money_adds_up_and_is_audited(platform: Platform, new_trader: NewTrader) -> None:
    order_id = await _partly_filled_then_cancelled(new_trader)
    found = await _timeline(platform, order_id)

    transfers = list(_seen(found, "wallet"))
    assert sorted(e["kind"] for e in transfers) == ["RELEASE", "RESERVE", "TRADE"]
    reserved = Decimal(0)
    for transfer in transfers:
        sums: dict[str, Decimal] = {}
        for line in transfer["facts"]["postings"]:
            amount = Decimal(line["amount"])
            sums[line["currency"]] = sums.get(line["currency"], Decimal(0)) + amount
            if line["account"] == "RESERVED" and line["order_id"] == int(order_id):
                reserved += amount
        assert set(sums.values()) == {Decimal(0)}, transfer
    assert reserved == 0

    audited = [e["facts"]["resource"] for e in _seen(found, "audit")]
    for transfer in transfers:
        assert f"TRANSFER:{transfer['facts']['transfer_id']}" in audited
    assert audited.count(f"ORDER:{order_id}") == len([*_seen(found, "engine")]) + 1


async def test_unknown_order_is_an_error(platform: Platform) -> None:
    status, output, errors = await _run(platform, "order", "1", "--json")
    assert (status, output) == (1, "")
    assert errors.strip() == "order 1 is unknown"


async def test_its_history_replays(
    platform: Platform, new_trader: NewTrader, tmp_path: Path
) -> None:
    order_id = await _partly_filled_then_cancelled(new_trader)
    saved = tmp_path / "history.json"
    status, output, errors = await _run(platform, "replay", order_id, "--save", str(saved))
    assert status == 0, errors
    assert "OK" in output
    workflow_id = output.splitlines()[1].rpartition(":")[0]
    assert (await _run(platform, "replay", workflow_id))[0] == 0
    assert (await _run(platform, "replay", "--file", str(saved)))[0] == 0
    assert (await _run(platform, "replay", "order:0:nobody"))[0] == 1
