"""STOMP as a browser's libraries speak it, through the whole platform."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from stack.platform import Platform
from tests.e2e.conftest import SYMBOL, NewTrader
from tests.support.stompjs import StompJs, stompjs
from tests.support.trader import Trader

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]

BOOK, TRADES = f"/topic/orderbook/{SYMBOL}", f"/topic/trades/{SYMBOL}"
TICKER, CANDLES = f"/topic/ticker/{SYMBOL}", f"/topic/kline/{SYMBOL}/1m"
MINI_TICKERS, PULSE = "/topic/miniTickers", "/topic/pulse"
ORDERS, BALANCES = "/user/queue/orders", "/user/queue/balances"
PRICE, QUANTITY = "0.05", "0.5"


@pytest.fixture
async def client() -> AsyncIterator[StompJs]:
    async with stompjs() as made:
        yield made


async def connect(
    client: StompJs, platform: Platform, trader: Trader | None = None, **more: object
) -> None:
    url = platform.api_url.replace("http", "ws", 1) + "/stomp"
    headers = {"Authorization": f"Bearer {trader.token}"} if trader else {}
    await client.do("open", **{"url": url, "headers": headers, **more})
    assert (await client.wait("connected"))["version"] == "1.2"


async def trade(buyer: Trader, seller: Trader, price: str = PRICE) -> dict[str, Any]:
    """The buyer waits in the book and the seller takes; the trade as the seller sees it."""
    resting = await buyer.place(SYMBOL, "BUY", QUANTITY, price)
    assert resting.status_code == httpx.codes.OK, resting.text
    taking = await seller.place(SYMBOL, "SELL", QUANTITY, price)
    assert taking.status_code == httpx.codes.OK, taking.text
    return {"order": taking.json(), "fill": taking.json()["fills"][0], "resting": resting.json()}


async def test_public_topics_carry_the_market(
    client: StompJs, platform: Platform, new_trader: NewTrader, http: httpx.AsyncClient
) -> None:
    buyer, seller = await new_trader(), await new_trader()
    await connect(client, platform)
    for destination in (BOOK, TRADES, TICKER, CANDLES, MINI_TICKERS):
        await client.subscribe(destination)
    done = await trade(buyer, seller)
    open_order = await buyer.place(SYMBOL, "BUY", "0.25", "0.04999")
    assert open_order.status_code == httpx.codes.OK

    told = await client.message(TRADES, lambda body: body["t"] == done["fill"]["tradeId"])
    assert (told["e"], told["s"]) == ("trade", SYMBOL)
    assert (told["p"], told["q"]) == ("0.05000000", "0.50000000")
    assert told["m"] is True
    ticker = await client.message(TICKER, lambda body: body["L"] == told["t"])
    assert (ticker["e"], ticker["c"], ticker["Q"]) == ("24hrTicker", told["p"], told["q"])
    candle = await client.message(CANDLES, lambda body: body["k"]["L"] == told["t"])
    assert (candle["k"]["i"], candle["k"]["c"]) == ("1m", told["p"])
    minis = await client.message(
        MINI_TICKERS, lambda body: any(it["s"] == SYMBOL and it["c"] == told["p"] for it in body)
    )
    assert {it["e"] for it in minis} == {"24hrMiniTicker"}

    await client.message(BOOK, lambda body: ["0.04999000", "0.25000000"] in body.get("b", []))
    book, update_id = replayed(client.bodies(BOOK))
    depth = (await http.get("/api/v3/depth", params={"symbol": SYMBOL, "limit": 1000})).json()
    assert update_id == depth["lastUpdateId"]
    assert book == {side: dict(depth[side]) for side in ("bids", "asks")}
    assert book["bids"]["0.04999000"] == "0.25000000"


async def test_a_user_is_told_of_their_orders_and_balances_only(
    client: StompJs, platform: Platform, new_trader: NewTrader
) -> None:
    buyer, seller = await new_trader(), await new_trader()
    await connect(client, platform, buyer)
    await client.subscribe(ORDERS)
    await client.subscribe(BALANCES)
    done = await trade(buyer, seller)
    order_id = done["resting"]["orderId"]

    accepted = await client.message(ORDERS, lambda body: body["x"] == "NEW")
    assert (accepted["e"], accepted["i"], accepted["c"]) == (
        "executionReport",
        order_id,
        done["resting"]["clientOrderId"],
    )
    filled = await client.message(ORDERS, lambda body: body["x"] == "TRADE")
    assert (filled["i"], filled["t"], filled["L"], filled["l"], filled["X"]) == (
        order_id,
        done["fill"]["tradeId"],
        "0.05000000",
        QUANTITY + "0000000",
        "FILLED",
    )

    async def settled() -> bool:
        return (await buyer.balances())["ETH"][0] > Decimal(1_000)

    eth = await client.message(
        BALANCES,
        lambda body: (
            body["e"] == "outboundAccountPosition"
            and any(it["a"] == "ETH" and Decimal(it["f"]) > 1_000 for it in body["B"])
        ),
    )
    assert await settled()
    [told] = [it for it in eth["B"] if it["a"] == "ETH"]
    assert (Decimal(told["f"]), Decimal(told["l"])) == (await buyer.balances())["ETH"]
    assert {body["i"] for body in client.bodies(ORDERS)} == {order_id}


async def test_a_wrong_token_is_an_error_and_the_end(client: StompJs, platform: Platform) -> None:
    url = platform.api_url.replace("http", "ws", 1) + "/stomp"
    await client.do("open", url=url, headers={"Authorization": "Bearer wrong"})
    error = await client.wait("error")
    assert error["headers"]["message"] == "The access token is wrong or has expired"
    assert "/v1/oauth/token" in error["body"]
    assert (await client.wait("closed"))["code"] == 1008
    assert not [it for it in client.events if it["event"] == "connected"]


async def test_sending_to_a_topic_is_refused(
    client: StompJs, platform: Platform, new_trader: NewTrader
) -> None:
    await connect(client, platform, await new_trader())
    await client.do("send", destination=TRADES, receipt="mine")
    error = await client.wait("error")
    assert error["headers"]["receipt-id"] == "mine"
    assert error["headers"]["message"] == "SEND is not supported"
    assert (await client.wait("closed"))["code"] == 1002


async def test_after_a_reconnect_the_book_starts_again_from_a_snapshot(
    client: StompJs, platform: Platform, new_trader: NewTrader
) -> None:
    buyer, seller = await new_trader(), await new_trader()
    await connect(client, platform)
    await client.subscribe(TRADES)
    await client.subscribe(BOOK)
    first = await trade(buyer, seller)
    await client.message(TRADES, lambda body: body["t"] == first["fill"]["tradeId"])
    before = len(client.events)
    await client.do("drop")
    await client.wait("connected", after=before)
    again = await client.wait(
        "message", lambda told: told["headers"].get("type") == "snapshot", after=before
    )
    assert again["body"]["lastUpdateId"] > 0
    second = await trade(buyer, seller)
    await client.message(TRADES, lambda body: body["t"] == second["fill"]["tradeId"], after=before)
    resting = await buyer.place(SYMBOL, "BUY", "0.75", "0.04998")
    assert resting.status_code == httpx.codes.OK
    await client.message(
        BOOK, lambda body: ["0.04998000", "0.75000000"] in body.get("b", []), after=before
    )
    book, _ = replayed(client.bodies(BOOK, before))
    assert book["bids"]["0.04998000"] == "0.75000000"


async def test_the_pulse_comes_where_no_price_moves(client: StompJs, platform: Platform) -> None:
    await connect(client, platform)
    await client.subscribe(PULSE)
    first = await client.message(PULSE)
    then = await client.message(PULSE, lambda body: body["E"] > first["E"])
    assert {first["e"], then["e"]} == {"pulse"}


async def test_receipts_of_unsubscribe_and_disconnect(client: StompJs, platform: Platform) -> None:
    await connect(client, platform)
    await client.subscribe(TRADES)
    await client.do("unsubscribe", id=TRADES, receipt="off")
    await client.wait("receipt", lambda told: told["id"] == "off")
    await client.do("close")  # stompjs waits for the receipt of its DISCONNECT
    await client.wait("gone")
    # Whose close frame is first: ours says 1000, the client's has no code, and ours then echoes it.
    assert (await client.wait("closed"))["code"] in {1000, 1005}


async def test_sockjs_carries_the_same_and_beats_on_a_quiet_connection(
    client: StompJs, platform: Platform, new_trader: NewTrader
) -> None:
    buyer, seller = await new_trader(), await new_trader()
    url = f"{platform.api_url}/sockjs"
    await connect(client, platform, buyer, url=url, sockjs=True, beats=[1000, 1000])
    await client.subscribe(TRADES)
    await client.subscribe(ORDERS)
    done = await trade(buyer, seller)
    await client.message(TRADES, lambda body: body["t"] == done["fill"]["tradeId"])
    await client.message(ORDERS, lambda body: body["i"] == done["resting"]["orderId"])
    quiet = len(client.events)
    first = await client.wait("beat", after=quiet)
    assert await client.wait("beat", after=client.events.index(first, quiet) + 1)
    assert not [it for it in client.events if it["event"] == "closed"]


@pytest.mark.long
async def test_heart_beats_keep_a_quiet_connection(client: StompJs, platform: Platform) -> None:
    """Longer than the server waits for a silent client, and than a proxy does."""
    await connect(client, platform, beats=[10_000, 10_000])
    for _ in range(5):
        seen = len(client.events)
        await client.wait("beat", after=seen)
    assert [it["event"] for it in client.events if it["event"] != "beat"] == ["connected"]


@pytest.mark.long
async def test_a_socket_ends_within_a_minute_of_the_logout(
    client: StompJs, platform: Platform, new_trader: NewTrader, http: httpx.AsyncClient
) -> None:
    trader = await new_trader()
    await connect(client, platform, trader)
    await client.subscribe(ORDERS)
    left = await http.post("/v1/logout", headers={"Authorization": f"Bearer {trader.token}"})
    assert left.is_success, left.text
    error = await client.wait("error", limit_s=60)
    assert "its session has ended" in error["headers"]["message"]


def replayed(bodies: list[Any]) -> tuple[dict[str, dict[str, str]], int]:
    """The book that a client keeps from a snapshot and the changes after it, and its update id."""
    snapshot, *changes = bodies
    book = {side: dict(snapshot[side]) for side in ("bids", "asks")}
    update_id = snapshot["lastUpdateId"]
    for number, change in enumerate(changes):
        assert change["U"] == update_id + 1 or (not number and change["U"] <= update_id + 1)
        assert change["u"] > update_id
        update_id = change["u"]
        for side, name in (("bids", "b"), ("asks", "a")):
            for price, quantity in change[name]:
                book[side][price] = quantity
                if not Decimal(quantity):
                    del book[side][price]
    return book, update_id
