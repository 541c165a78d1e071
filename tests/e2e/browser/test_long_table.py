"""A table that is longer than one sees: read to its end, while new rows come in at its top."""

import asyncio
from typing import Final

import httpx
import pytest

from tests.e2e.conftest import NewTrader
from tests.support.browser import Browser
from tests.support.trader import PASSWORD, Trader
from tests.support.waits import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

LINES: Final = 130  # a page of the statement is 100
AT_ONCE: Final = 10
CAPTION: Final = "The ledger's lines in BTC, newest first"
SCROLLER: Final = "document.querySelector('.balances .panel-body')"
# Where the columns of a drawn row stand, and those of the head.
ASKEW: Final = """(() => {
  const [head, row] = ['th', 'tbody tr:not([aria-hidden]) td'].map((cells) =>
    [...document.querySelectorAll(`.statement ${cells}`)].map((it) => it.getBoundingClientRect()))
  return head.some(({ left, right }, n) => left !== row[n].left || right !== row[n].right)
})()"""
WIDTHS: Final = "[...document.querySelectorAll('.statement th')].map((it) => it.offsetWidth)"
# The row below the head, and how many pixels below.
FIRST: Final = """(() => {
  const top = document.querySelector('.statement th').getBoundingClientRect().bottom
  for (const row of document.querySelectorAll('.statement tbody tr:not([aria-hidden])')) {
    const from = row.getBoundingClientRect().top - top
    if (from >= 0) return [row.innerText, Math.round(from)]
  }
})()"""


async def test_a_statement_is_read_to_its_end(page: Browser, new_trader: NewTrader) -> None:
    trader = await new_trader()
    for first in range(0, LINES, AT_ONCE):
        keys = range(first, first + AT_ONCE)
        await asyncio.gather(*(trader.deposit("BTC", f"0.{n + 1:05}", f"no-{n}") for n in keys))
    amounts = [f"+{line['amount']}" for line in await _lines(trader)]

    async def shown() -> list[str]:
        return [row[3] for row in await page.table(CAPTION)]

    async def scroll(to: object) -> None:
        await page.do("evaluate", expression=f"void ({SCROLLER}.scrollTop = {to})")

    async def is_at_the_end() -> bool:
        await scroll(1_000_000)
        return (await shown())[-1:] == amounts[-1:]

    await page.log_in(trader.name, PASSWORD)
    await page.click("button", "BTC", region="Balances")
    await until(lambda: page.has(".statement td"), "the newest lines")
    assert (await shown())[0] == amounts[0]
    await page.check("statement")
    await until(is_at_the_end, "the oldest line")
    drawn = await shown()
    assert len(drawn) < len(amounts) // 2
    assert drawn == amounts[-len(drawn) :]
    widths = await page.do("evaluate", expression=WIDTHS)
    assert await page.do("evaluate", expression=ASKEW) is False
    assert await page.text(".balances [role=status]") == "No older lines."
    await page.check("statement-end")

    await scroll(f"{SCROLLER}.scrollHeight / 2")
    await until(lambda: _has_come_to_rest(page), "the rows in the middle")
    assert await page.do("evaluate", expression=WIDTHS) == widths
    before = await page.do("evaluate", expression=FIRST)
    rows = await _row_count(page)
    await trader.deposit("BTC", "0.5", "while-reading")
    await until(lambda: _counts(page, rows + 1), "the new line in the table")
    assert await page.do("evaluate", expression=FIRST) == before
    await scroll(0)
    await until(lambda: _begins(page, "+0.50000000"), "the new line at its top")


async def _lines(trader: Trader) -> list[dict[str, str]]:
    headers = {"Authorization": f"Bearer {trader.token}"}
    query = {"currency": "BTC", "limit": 500}
    answer = await trader.http.get("/v1/ledger", params=query, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    lines: list[dict[str, str]] = answer.json()
    return lines


async def _row_count(page: Browser) -> int:
    said = "document.querySelector('.statement').getAttribute('aria-rowcount')"
    return int(await page.do("evaluate", expression=said))


async def _counts(page: Browser, rows: int) -> bool:
    return await _row_count(page) == rows


async def _begins(page: Browser, amount: str) -> bool:
    return (await page.table(CAPTION))[0][3] == amount


async def _has_come_to_rest(page: Browser) -> bool:
    return bool(await page.do("evaluate", expression=f"{FIRST} !== undefined"))
