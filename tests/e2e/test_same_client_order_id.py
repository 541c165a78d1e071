"""Two requests under one client order id at the same moment: one order, whatever they say."""

import asyncio

import httpx
import pytest

from reconciliation.sources import Sources
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.ledger_checks import open_orders, require_own_money, require_reconciled

PAIRS = 8

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


async def test_same_order_sent_twice_at_once_is_one_order(
    new_trader: NewTrader, sources: Sources
) -> None:
    trader = await new_trader()
    answers = await asyncio.gather(
        *(
            trader.place(SYMBOL, "BUY", "1", "0.02", f"twin-{number}")
            for number in range(PAIRS)
            for _ in range(2)
        )
    )
    assert {a.status_code for a in answers} == {httpx.codes.OK}, [a.text for a in answers]
    ids = [answer.json()["orderId"] for answer in answers]
    assert ids[0::2] == ids[1::2]
    assert len(set(ids)) == PAIRS
    assert {o["orderId"] for o in await open_orders(trader, SYMBOL)} == set(ids)
    await require_own_money(trader, SYMBOL)
    await require_reconciled(sources)


async def test_other_order_under_the_same_id_at_once_is_a_duplicate(
    new_trader: NewTrader, sources: Sources
) -> None:
    trader = await new_trader()
    answers = await asyncio.gather(
        *(
            trader.place(SYMBOL, "BUY", quantity, "0.02", f"rival-{number}")
            for number in range(PAIRS)
            for quantity in ("1", "2")
        )
    )
    for pair in zip(answers[0::2], answers[1::2], strict=True):
        won = [a for a in pair if a.is_success]
        (lost,) = [a for a in pair if not a.is_success]
        assert len(won) == 1
        assert (lost.status_code, lost.json()) == (
            httpx.codes.BAD_REQUEST,
            {"code": -2010, "msg": "Duplicate order sent."},
        )
    assert len(await open_orders(trader, SYMBOL)) == PAIRS
    await require_own_money(trader, SYMBOL)
    await require_reconciled(sources)


async def test_same_order_sent_again_later_gets_the_first_answer(new_trader: NewTrader) -> None:
    trader = await new_trader()
    first = await trader.place(SYMBOL, "BUY", "1", "0.02", "again")
    second = await trader.place(SYMBOL, "BUY", "1.000", "0.02000", "again")
    assert second.json()["orderId"] == first.json()["orderId"]
    other = await trader.place(SYMBOL, "SELL", "1", "0.9", "again")
    assert other.json() == {"code": -2010, "msg": "Duplicate order sent."}
    assert len(await open_orders(trader, SYMBOL)) == 1
