"""Unmodified ccxt trades here, and what it is told is what ledger and book say."""

from decimal import Decimal
from typing import Any

import ccxt
import pytest
from ccxt.async_support import binance

from contracts.wallet import HOUSE_USER_ID, Account, ReferenceType
from reconciliation.sources import Sources
from tests.e2e.conftest import SYMBOL, NewClient, NewTrader
from tests.support.ledger_checks import require_own_money, require_reconciled
from tests.support.trader import Trader
from tests.support.waits import until
from wallet.queries import WalletQueries

PAIR = "ETH/BTC"

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]


def _exactly(figure: float | None) -> Decimal:
    """The decimal that a client's float was made from."""
    return Decimal(repr(figure)).normalize()


async def _held(client: binance, currency: str) -> tuple[Decimal, Decimal]:
    """(free, locked)."""
    balance = (await client.fetch_balance())[currency]
    return _exactly(balance["free"]), _exactly(balance["used"])


async def _has(client: binance, currency: str, free: str, locked: str) -> None:
    """Settlement follows a fill within moments: wait for these very balances."""
    wanted = (Decimal(free), Decimal(locked))

    async def seen() -> bool:
        return await _held(client, currency) == wanted

    await until(seen, f"{currency} {wanted}, is {await _held(client, currency)}")


async def test_resting_order_locks_its_price_and_cancelling_it_gives_all_back(
    new_trader: NewTrader, ccxt_of: NewClient, sources: Sources
) -> None:
    trader = await new_trader()
    client = ccxt_of(trader)
    order = await client.create_order(PAIR, "limit", "buy", 2, 0.04)
    assert (order["status"], order["filled"], order["remaining"]) == ("open", 0, 2)
    await _has(client, "BTC", "99.92", "0.08")
    held = await WalletQueries(sources.wallet).reservation_of(int(order["id"]))
    assert held is not None
    assert (held.currency, held.reserved, held.used) == ("BTC", Decimal("0.08"), Decimal(0))

    assert [o["id"] for o in await client.fetch_open_orders(PAIR)] == [order["id"]]
    fetched = await client.fetch_order(order["id"], PAIR)
    assert (fetched["side"], fetched["price"], fetched["amount"]) == ("buy", 0.04, 2)

    async def displayed() -> bool:
        return [0.04, 2.0] in (await client.fetch_order_book(PAIR))["bids"]

    await until(displayed, "the order in the displayed book")

    cancelled = await client.cancel_order(order["id"], PAIR)
    assert cancelled["status"] == "canceled"
    await _has(client, "BTC", "100", "0")
    assert await client.fetch_open_orders(PAIR) == []
    assert (await client.fetch_order(order["id"], PAIR))["status"] == "canceled"
    with pytest.raises(ccxt.OrderNotFound):
        await client.cancel_order(order["id"], PAIR)

    async def gone() -> bool:
        return [0.04, 2.0] not in (await client.fetch_order_book(PAIR))["bids"]

    await until(gone, "the order out of the displayed book")


async def test_crossing_orders_trade_at_the_makers_price_and_pay_their_fees(
    new_trader: NewTrader, ccxt_of: NewClient, sources: Sources
) -> None:
    """2 ETH are asked at 0.05; 1.5 are bought by an order that would pay 0.051."""
    seller, buyer = await new_trader(), await new_trader()
    asks, bids = ccxt_of(seller), ccxt_of(buyer)
    ask = await asks.create_order(PAIR, "limit", "sell", 2, 0.05)
    bid = await bids.create_order(PAIR, "limit", "buy", 1.5, 0.051)
    assert (bid["status"], bid["filled"], bid["average"], bid["cost"]) == (
        "closed",
        1.5,
        0.05,
        0.075,
    )
    assert [(t["price"], t["amount"]) for t in bid["trades"]] == [(0.05, 1.5)]

    # 0.075 BTC, not the 0.0765 that were set aside; fees of 0.1 % of what each side receives.
    await _has(bids, "BTC", "99.925", "0")
    await _has(bids, "ETH", "1001.4985", "0")
    await _has(asks, "BTC", "100.074925", "0")
    await _has(asks, "ETH", "998", "0.5")

    (bought,) = await bids.fetch_my_trades(PAIR)
    assert (bought["side"], bought["takerOrMaker"], bought["order"]) == ("buy", "taker", bid["id"])
    assert (bought["fee"]["cost"], bought["fee"]["currency"]) == (0.0015, "ETH")
    (sold,) = await asks.fetch_my_trades(PAIR)
    assert (sold["side"], sold["takerOrMaker"], sold["order"]) == ("sell", "maker", ask["id"])
    assert (sold["fee"]["cost"], sold["fee"]["currency"]) == (0.000075, "BTC")
    assert bought["id"] == sold["id"]
    await _require_postings(sources, bought["id"], buyer, seller)

    async def displayed() -> bool:
        return [0.05, 0.5] in (await bids.fetch_order_book(PAIR))["asks"]

    await until(displayed, "what is left of the ask in the displayed book")
    still = await asks.fetch_order(ask["id"], PAIR)
    assert (still["status"], still["filled"], still["remaining"]) == ("open", 1.5, 0.5)
    assert [o["status"] for o in await bids.fetch_orders(PAIR)] == ["closed"]
    for trader in (seller, buyer):
        await require_own_money(trader, SYMBOL)
    await require_reconciled(sources)


async def _require_postings(sources: Sources, trade_id: str, buyer: Trader, seller: Trader) -> None:
    """The ledger's seven lines of that trade."""
    reference = f"{SYMBOL}:{trade_id}"
    lines = await WalletQueries(sources.wallet).postings_of(ReferenceType.TRADE, reference)
    found = {(p.user_id, p.currency, p.account): Decimal(p.amount) for p in lines}
    assert found == {
        (buyer.user_id, "BTC", Account.RESERVED): Decimal("-0.0765"),
        (seller.user_id, "BTC", Account.AVAILABLE): Decimal("0.074925"),
        (seller.user_id, "ETH", Account.RESERVED): Decimal("-1.5"),
        (buyer.user_id, "ETH", Account.AVAILABLE): Decimal("1.4985"),
        (HOUSE_USER_ID, "BTC", Account.FEES): Decimal("0.000075"),
        (HOUSE_USER_ID, "ETH", Account.FEES): Decimal("0.0015"),
        (buyer.user_id, "BTC", Account.AVAILABLE): Decimal("0.0015"),
    }


async def test_what_was_just_bought_can_be_sold_at_once(
    new_trader: NewTrader, ccxt_of: NewClient
) -> None:
    """Settlement lags the fill by moments; an order that spends the proceeds is not refused."""
    maker, taker = await new_trader(), await new_trader()
    makes, takes = ccxt_of(maker), ccxt_of(taker)
    await makes.create_order(PAIR, "limit", "sell", 10, 0.05)
    await takes.create_order(PAIR, "limit", "buy", 10, 0.05)
    sold = await takes.create_order(PAIR, "limit", "sell", 1009.99, 0.06)
    assert sold["status"] == "open"


WRONG: dict[str, tuple[dict[str, Any], type[ccxt.BaseError]]] = {
    "more than there is": ({"amount": 3000, "price": 0.05}, ccxt.InsufficientFunds),
    "price beyond the market's": ({"amount": 1, "price": 101}, ccxt.InvalidOrder),
    "quantity beyond the market's": ({"amount": 9001, "price": 0.05}, ccxt.InvalidOrder),
    "worth too little": ({"amount": 0.001, "price": 0.00001}, ccxt.BadRequest),
}


@pytest.mark.parametrize("what", WRONG)
async def test_refused_order_raises_ccxts_own_error_and_leaves_nothing(
    new_trader: NewTrader, ccxt_of: NewClient, what: str
) -> None:
    order, error = WRONG[what]
    client = ccxt_of(await new_trader())
    with pytest.raises(error):
        await client.create_order(PAIR, "limit", "buy", **order)
    assert await client.fetch_orders(PAIR) == []
    assert await _held(client, "BTC") == (Decimal(100), Decimal(0))


async def test_unknown_things_raise_ccxts_own_errors(
    new_trader: NewTrader, ccxt_of: NewClient
) -> None:
    client = ccxt_of(await new_trader())
    with pytest.raises(ccxt.OrderNotFound):
        await client.fetch_order("1", PAIR)
    with pytest.raises(ccxt.OrderNotFound):
        await client.cancel_order("1", PAIR)
    with pytest.raises(ccxt.BadSymbol):
        await client.public_get_depth({"symbol": "NOPE"})


async def test_anothers_order_does_not_exist(new_trader: NewTrader, ccxt_of: NewClient) -> None:
    owner, other = ccxt_of(await new_trader()), ccxt_of(await new_trader())
    order = await owner.create_order(PAIR, "limit", "buy", 1, 0.04)
    with pytest.raises(ccxt.OrderNotFound):
        await other.fetch_order(order["id"], PAIR)
    with pytest.raises(ccxt.OrderNotFound):
        await other.cancel_order(order["id"], PAIR)
    assert (await owner.fetch_order(order["id"], PAIR))["status"] == "open"


@pytest.mark.parametrize("part", ["api_key", "api_secret"])
async def test_wrong_key_or_secret_is_an_authentication_error(
    new_trader: NewTrader, ccxt_of: NewClient, part: str
) -> None:
    trader = await new_trader()
    right = getattr(trader, part)
    setattr(trader, part, right[::-1])
    client = ccxt_of(trader)
    setattr(trader, part, right)
    with pytest.raises(ccxt.AuthenticationError):
        await client.fetch_balance()
