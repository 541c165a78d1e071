"""binance-sdk-spot: REST, streams, and the WebSocket API, each answer read into its models."""

import asyncio
from collections import defaultdict
from typing import Any

from binance_common.configuration import (
    ConfigurationRestAPI,
    ConfigurationWebSocketAPI,
    ConfigurationWebSocketStreams,
)
from binance_common.errors import BadRequestError
from binance_sdk_spot.spot import Spot
from venue import API, CLIENT, MAKER, SYMBOL, WS, Account, refusal, report, until, until_async

LIMIT = {"type": "LIMIT", "time_in_force": "GTC"}


def spot(account: Account) -> Spot:
    keys = {"api_key": account.key, "api_secret": account.secret}
    return Spot(
        config_rest_api=ConfigurationRestAPI(base_path=API, timeout=10_000, **keys),
        config_ws_api=ConfigurationWebSocketAPI(stream_url=f"{WS}/ws-api/v3", **keys),
        config_ws_streams=ConfigurationWebSocketStreams(stream_url=WS),
    )


def rest(client: Any, maker: Any) -> None:
    maker.new_order(SYMBOL, "SELL", quantity=2, price=0.05, **LIMIT)
    bought = client.new_order(SYMBOL, "BUY", quantity=0.5, price=0.051, **LIMIT).data()
    assert (bought.status, bought.fills[0].price) == ("FILLED", "0.05000000")
    resting = client.new_order(SYMBOL, "BUY", quantity=1, price=0.045, **LIMIT).data()
    assert client.get_order(SYMBOL, order_id=resting.order_id).data().status == "NEW"
    cancelled = client.delete_order(SYMBOL, order_id=resting.order_id).data()
    assert cancelled.status == "CANCELED"
    too_much = {"quantity": 3_000, "price": 0.049}
    error = refusal(lambda: client.new_order(SYMBOL, "BUY", **too_much, **LIMIT), BadRequestError)
    assert "insufficient balance" in str(error), error
    until(
        lambda: client.depth(SYMBOL, limit=5).data().asks == [["0.05000000", "1.50000000"]],
        "what is left of the ask",
    )
    (newest,) = client.get_trades(SYMBOL, limit=1).data()
    assert (newest.qty, newest.is_buyer_maker) == ("0.50000000", False)
    (joined,) = client.agg_trades(SYMBOL, limit=1).data()
    assert joined.q == "0.50000000"
    (candle,) = client.klines(SYMBOL, "1m", limit=1).data()
    assert str(candle[4]) == "0.05000000"
    assert client.avg_price(SYMBOL).data().mins > 0
    (market,) = client.exchange_info(symbol=SYMBOL).data().symbols
    assert market.status == "TRADING"


async def streams(connection: Any, maker: Any) -> None:
    seen: dict[str, list[Any]] = defaultdict(list)
    for name, subscribing in {
        "bookTicker": connection.book_ticker(symbol=SYMBOL.lower()),
        "depth": connection.diff_book_depth(symbol=SYMBOL.lower(), update_speed="100ms"),
        "depth5": connection.partial_book_depth(symbol=SYMBOL.lower(), levels="5"),
    }.items():
        stream = await subscribing
        stream.on("message", seen[name].append)

    async def moved() -> bool:
        order = await asyncio.to_thread(
            maker.new_order, SYMBOL, "SELL", quantity=0.1, price=0.0499, **LIMIT
        )
        await asyncio.to_thread(maker.delete_order, SYMBOL, order_id=order.data().order_id)
        return len([name for name in seen if seen[name]]) == 3

    await until_async(moved, "a change of the book on every stream")

    async def again() -> bool:
        return seen["bookTicker"][-1].a == "0.05000000"

    await until_async(again, "the old best ask")
    assert seen["depth"][-1].s == SYMBOL


async def websocket_api(connection: Any) -> dict[str, dict[str, str]]:
    """Orders and their events; returns the balances that were told last."""
    events: list[Any] = []
    user = await connection.user_data_stream_subscribe_signature()
    user.stream.on("message", lambda event: events.append(plain(event)))
    placed = await connection.order_place(SYMBOL, "BUY", quantity=0.3, price=0.05, **LIMIT)
    bought = placed.data().result
    assert bought.status == "FILLED", bought
    placed = await connection.order_place(SYMBOL, "BUY", quantity=1, price=0.045, **LIMIT)
    resting = placed.data().result
    asked = await connection.order_status(SYMBOL, order_id=resting.order_id)
    assert asked.data().result.status == "NEW"
    gone = await connection.order_cancel(SYMBOL, order_id=resting.order_id)
    assert gone.data().result.status == "CANCELED"
    told: dict[str, dict[str, str]] = {}

    def statuses(order: Any) -> list[str]:
        return [e["X"] for e in events if e.get("i") == order.order_id]

    async def all_told() -> bool:
        account = (await connection.account_status()).data().result
        for event in events:
            told.update({b["a"]: {"free": b["f"], "used": b["l"]} for b in event.get("B") or ()})
        return (
            statuses(bought) == ["NEW", "FILLED"]
            and statuses(resting) == ["NEW", "CANCELED"]
            and all(
                told.get(b.asset) == {"free": b.free, "used": b.locked}
                for b in account.balances
                if b.asset in {"ETH", "BTC"}
            )
        )

    await until_async(all_told, "every report, and the balances of the account")
    return told


def plain(event: Any) -> dict[str, Any]:
    """An event as the venue wrote it: its model wraps it once more."""
    inner = getattr(event, "actual_instance", event)
    return inner.to_dict() if hasattr(inner, "to_dict") else dict(inner)


async def main() -> None:
    client, maker = spot(CLIENT), spot(MAKER).rest_api
    await asyncio.to_thread(rest, client.rest_api, maker)
    market = await client.websocket_streams.create_connection()
    await streams(market, maker)
    await market.close_connection(close_session=True)
    private = await client.websocket_api.create_connection()
    balances = await websocket_api(private)
    await private.close_connection(close_session=True)
    orders = client.rest_api.all_orders(SYMBOL).data()
    report(
        balances=balances,
        trades=[
            [t.id, t.price, t.qty, t.commission] for t in client.rest_api.my_trades(SYMBOL).data()
        ],
        orders={o.order_id: o.status for o in orders},
        book=client.rest_api.depth(SYMBOL).data().asks,
    )


asyncio.run(main())
