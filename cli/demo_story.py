"""The demo's story: who offers, who buys, what the saga did, what the ledger says."""

from decimal import Decimal
from typing import Any
from urllib.parse import quote

from rich.console import Console
from rich.table import Table

from cli import story_figures as figures
from cli.trader import Trader
from config.settings import Settings
from contracts.amounts import ZERO, Amount, amount_text
from contracts.wallet import HOUSE_USER_ID, ReferenceType
from stack.status import Status
from wallet.queries import PostingView

Balances = dict[str, tuple[Amount, Amount]]


async def tell(status: Status, settings: Settings, console: Console) -> None:
    """Run the story on a platform that is up.

    Raises:
        Refused: the exchange refused a request.
        OrderFailed: the order was not filled or not settled.
    """
    buyer_login, seller_login = status.users[0], status.users[1]
    async with (
        Trader(status.api, buyer_login) as buyer,
        Trader(status.api, seller_login) as seller,
    ):
        before = {t.name: await figures.balances(t) for t in (buyer, seller)}

        price = await figures.offer_price(seller)
        offer = await figures.limit_order(seller, "SELL", price)
        _heading(console, f"1. {seller.name} offers")
        _order(console, offer)

        limit = price + figures.BELOW_LIMIT
        order = await figures.limit_order(buyer, "BUY", limit)
        _heading(console, f"2. {buyer.name} buys, willing to pay {figures.BELOW_LIMIT} more")
        _order(console, order)
        if order["status"] != "FILLED":
            raise figures.OrderFailed(f"its status is {order['status']}")

        order_id = int(order["orderId"])
        executed = await figures.trades(buyer, order_id)
        postings = await figures.ledger_postings(
            settings, order_id, [int(trade["id"]) for trade in executed]
        )
        flow = await figures.workflow(settings, order_id)
        _heading(console, "3. What its saga did (from the workflow)")
        _steps(console, flow)
        _heading(console, "4. The trade (from myTrades)")
        _trades(console, executed)
        offered = await figures.trades(seller, int(offer["orderId"]))
        _others(console, executed, offered, seller.name)
        _heading(console, "5. Every posting (from the ledger)")
        names = {int((await _account(t))["uid"]): t.name for t in (buyer, seller)}
        _postings(console, postings, names)

        after = {t.name: await figures.balances(t) for t in (buyer, seller)}
        _heading(console, "6. Balances (from /v1/balances)")
        _balances(console, before, after)
        _heading(console, "7. For ops")
        console.print(f'  find it:  OrderId = "{order_id}"')
        console.print(
            f"  open it:  {status.temporal_ui}/namespaces/{settings.temporal.namespace}"
            f"/workflows/{quote(flow.workflow_id, safe='')}/{flow.run_id}/history",
            soft_wrap=True,
        )


async def _account(trader: Trader) -> Any:
    return await trader.signed("GET", "account")


def _heading(console: Console, text: str) -> None:
    console.print(f"\n[bold]{text}[/bold]")


def _order(console: Console, order: dict[str, Any]) -> None:
    console.print(
        f"  order {order['orderId']}: {order['side']} {order['origQty']} {order['symbol']}"
        f" at {order['price']}\n  → {order['status']}, filled {order['executedQty']}"
    )


def _steps(console: Console, flow: figures.Workflow) -> None:
    table = _table("step", "ms", "detail")
    began = flow.saga.steps[0].at_ms
    for step in flow.saga.steps:
        table.add_row("", step.name, f"+{step.at_ms - began}", step.detail)
    console.print(table)
    console.print(
        f"  workflow {flow.workflow_id}: {flow.status}, {flow.events} events,"
        f" saga {flow.saga.state}"
    )


def _trades(console: Console, executed: list[dict[str, Any]]) -> None:
    table = _table("trade", "price", "quantity", "quote", "commission")
    for trade in executed:
        commission = f"{trade['commission']} {trade['commissionAsset']}"
        table.add_row(
            "", str(trade["id"]), trade["price"], trade["qty"], trade["quoteQty"], commission
        )
    console.print(table)


def _others(
    console: Console, executed: list[dict[str, Any]], offered: list[dict[str, Any]], seller: str
) -> None:
    """In a living market somebody else may have been quicker, or cheaper."""
    own = {trade["id"] for trade in offered}
    others = [Decimal(trade["qty"]) for trade in executed if trade["id"] not in own]
    if others:
        console.print(
            f"  {amount_text(sum(others, ZERO))} of it not with {seller}: others trade too"
        )


def _postings(console: Console, rows: list[PostingView], names: dict[int, str]) -> None:
    table = _table("transfer", "for", "who", "account", "amount", "")
    sums: dict[str, Decimal] = {}
    for row in rows:
        who = (
            "house"
            if row.user_id == HOUSE_USER_ID
            else names.get(row.user_id, f"user {row.user_id}")
        )
        trade = row.reference_id if row.reference_type is ReferenceType.TRADE else ""
        table.add_row(
            "",
            str(row.transfer_id)[:8],
            f"{row.reference_type} {trade}".strip(),
            who,
            row.account,
            _signed(row.amount),
            row.currency,
        )
        sums[row.currency] = sums.get(row.currency, Decimal(0)) + row.amount
    console.print(table)
    total = ", ".join(f"{amount_text(value)} {name}" for name, value in sorted(sums.items()))
    console.print(f"  sum of all postings: {total}")


def _balances(console: Console, before: dict[str, Balances], after: dict[str, Balances]) -> None:
    table = _table("who", "account", "before", "after", "change", "")
    for name, rows in after.items():
        for currency, now in rows.items():
            had = before[name].get(currency, (ZERO, ZERO))
            for account, old, new in zip(("AVAILABLE", "RESERVED"), had, now, strict=True):
                if old or new:
                    change = _signed(new - old) if new != old else ""
                    table.add_row("", name, account, str(old), str(new), change, currency)
    console.print(table)


def _signed(amount: Decimal) -> str:
    return f"{'+' if amount > 0 else ''}{amount_text(amount)}"


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("")
    numeric = {"ms", "price", "quantity", "quote", "commission", "amount", "change"}
    for column in columns:
        right = column in numeric | {"before", "after"}
        table.add_column(column, justify="right" if right else "left", no_wrap=True)
    return table
