"""What the trading screen shows of one trader, beside what the API says at the same moment."""

import re
from decimal import Decimal
from typing import Any

from tests.support.browser import Browser
from tests.support.trader import Trader

COLUMNS = {"side": 1, "type": 2, "price": 3, "quantity": 4, "filled": 5, "status": 7}
STEPS = ("Pending validation", "Funds reserved", "Submitted to matching")

Row = dict[str, Any]


class Screen:
    """Each question compares the page with the API: true once they agree."""

    def __init__(self, page: Browser, trader: Trader, symbol: str) -> None:
        self._page = page
        self._trader = trader
        self._symbol = symbol

    async def ask(self, path: str) -> list[Row]:
        """The trader's rows of this market, as the API lists them."""
        rows = await self._trader.ask(path, symbol=self._symbol)
        assert isinstance(rows, list)
        return rows

    async def order(self) -> dict[str, str]:
        """The only open order that is shown."""
        (row,) = await self._page.table("Open orders")
        return {name: row[n] for name, n in COLUMNS.items()}

    async def shows_orders(self, count: int) -> bool:
        """So many open orders, there and here, alike in every figure."""
        rows = await self._page.table("Open orders")
        asked = sorted(await self.ask("openOrders"), key=lambda row: -int(row["orderId"]))
        return len(rows) == len(asked) == count and all(map(_same_order, rows, asked))

    async def shows_balances(self) -> bool:
        """Every currency's available and reserved amount."""
        shown = {row[0]: (_amount(row[1]), _amount(row[2])) for row in await self._shown_balances()}
        asked = await self._trader.balances()
        return {name: both for name, both in shown.items() if any(both)} == asked

    async def shows_fills(self) -> bool:
        """Each execution with its fee and its role."""
        asked = [
            (
                "BUY" if fill["isBuyer"] else "SELL",
                Decimal(fill["price"]),
                Decimal(fill["qty"]),
                f"{Decimal(fill['commission']).normalize():f} {fill['commissionAsset']}",
                "maker" if fill["isMaker"] else "taker",
            )
            for fill in await self.ask("myTrades")
        ]
        shown = [
            (row[1], _amount(row[2]), _amount(row[3]), row[4], row[5])
            for row in await self._page.table("Fills")
        ]
        return bool(asked) and sorted(shown) == sorted(asked)

    async def shows_history(self) -> bool:
        """All orders of this market, the newest first."""
        rows = await self._page.table("History")
        asked = sorted(await self.ask("allOrders"), key=lambda row: -int(row["orderId"]))
        return len(rows) == len(asked) > 0 and all(map(_same_order, rows, asked))

    async def shows_book(self) -> bool:
        """Both sides as GET depth has them."""
        shown = await self._page.do("book")
        answer = await self._trader.http.get("/api/v3/depth", params={"symbol": self._symbol})
        asked = answer.json()
        return all(_amounts(shown[side]) == _amounts(asked[side]) for side in ("bids", "asks"))

    async def is_live(self) -> bool:
        """What the badge says."""
        return "Live" in await self._page.text(".live-badge")

    async def tells_saga(self, order_id: int) -> bool:
        """The steps that lead to an order that rests, in their order."""
        told = await self._page.do(
            "texts", selector=f'ol[aria-label="Saga of order {order_id}"] li'
        )
        found = [step for text in told for step in STEPS if step in text]
        return found == list(STEPS)

    async def _shown_balances(self) -> list[list[str]]:
        return await self._page.table("Balances")


def _same_order(row: list[str], asked: Row) -> bool:
    shown = {name: row[n] for name, n in COLUMNS.items()}
    return (
        shown["side"] == asked["side"]
        and shown["type"] == asked["type"]
        and shown["status"] == asked["status"]
        and _amount(shown["price"]) == Decimal(asked["price"])
        and _amount(shown["quantity"]) == Decimal(asked["origQty"])
        and _amount(shown["filled"]) == Decimal(asked["executedQty"])
    )


def _amounts(levels: list[list[str]]) -> list[list[Decimal]]:
    return [[Decimal(text) for text in level] for level in levels]


def _amount(text: str) -> Decimal:
    """`61,234.50` and `▸ 1.5` are amounts too."""
    return Decimal(re.sub(r"[^0-9.]", "", text))
