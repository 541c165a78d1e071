"""Users' events over the WebSocket API: to their user alone, until either side ends it."""

import asyncio
from pathlib import Path

import pytest

from api.stream import ws_api_session, ws_api_subscriptions
from api.stream.figures import StreamFigures
from api.stream.hub import user_channel
from config.settings import StreamSettings
from identity.api_keys import Credential
from tests.support.waits import until
from tests.unit.api.stream.conftest import Exchange, running
from tests.unit.api.stream.ws_api_client import Bot, again, new_bot

EVENT = '{"e":"outboundAccountPosition","E":5,"u":5,"B":[]}'
INSIDE = {"e": "outboundAccountPosition", "E": 5, "u": 5, "B": []}
UNSUBSCRIBE = "userDataStream.unsubscribe"


@pytest.fixture
async def ada(exchange: Exchange) -> Bot:
    return await new_bot(exchange)


@pytest.fixture
async def ben(exchange: Exchange) -> Bot:
    return await new_bot(exchange)


def publish(bot: Bot, event: str = EVENT) -> None:
    bot.exchange.hub.publish(user_channel(bot.user_id), event)


async def test_events_come_under_the_subscriptions_id(ada: Bot) -> None:
    assert (await ada.follows_itself())["result"] == {"subscriptionId": 0}

    publish(ada)

    assert await ada.client.hears() == {"subscriptionId": 0, "event": INSIDE}


async def test_nobody_hears_anothers_events(ada: Bot, ben: Bot) -> None:
    await ada.follows_itself()
    await ben.follows_itself()

    publish(ben)
    publish(ada, '{"e":"mine"}')

    assert await ada.client.hears() == {"subscriptionId": 0, "event": {"e": "mine"}}
    assert await ben.client.hears() == {"subscriptionId": 0, "event": INSIDE}


async def test_every_connection_of_a_user_hears_the_same(ada: Bot) -> None:
    other = await again(ada)
    await ada.follows_itself()
    await other.follows_itself()

    publish(ada)

    assert await ada.client.hears() == await other.client.hears()


async def test_one_connection_may_follow_several_users(ada: Bot, ben: Bot) -> None:
    await ada.follows_itself()
    second = await ada.asks("userDataStream.subscribe.signature", ben.signed())
    assert second["result"] == {"subscriptionId": 1}
    listed = await ada.asks("session.subscriptions")
    assert listed["result"] == [{"subscriptionId": 0}, {"subscriptionId": 1}]

    publish(ben)

    assert await ada.client.hears() == {"subscriptionId": 1, "event": INSIDE}


async def test_a_user_is_followed_once_a_connection(ada: Bot) -> None:
    await ada.follows_itself()

    twice = await ada.follows_itself()

    assert (twice["status"], twice["error"]) == (
        400,
        {"code": -2035, "msg": "User Data Stream subscription already active."},
    )


async def test_a_subscription_needs_a_signature(ada: Bot) -> None:
    forged = ada.signed() | {"signature": "0" * 64}

    refused = await ada.asks("userDataStream.subscribe.signature", forged)

    assert refused["error"]["code"] == -1022
    assert not ada.exchange.hub.wanted(user_channel(ada.user_id))


async def test_the_end_is_told_and_nothing_follows(ada: Bot) -> None:
    await ada.follows_itself()

    await ada.says(UNSUBSCRIBE, {"subscriptionId": 0})

    said = [await ada.client.hears(), await ada.client.hears()]
    ended = {"e": "eventStreamTerminated", "E": ada.exchange.house.now_ms}
    assert {"subscriptionId": 0, "event": ended} in said
    assert {"id": "1", "status": 200, "result": {}} in [
        {k: v for k, v in answer.items() if k != "rateLimits"} for answer in said
    ]
    assert not ada.exchange.hub.wanted(user_channel(ada.user_id))
    assert (await ada.follows_itself())["result"] == {"subscriptionId": 1}


async def test_without_an_id_all_end(ada: Bot, ben: Bot) -> None:
    await ada.follows_itself()
    await ada.asks("userDataStream.subscribe.signature", ben.signed())

    await ada.says(UNSUBSCRIBE)

    said = [await ada.client.hears() for _ in range(3)]
    assert {answer.get("subscriptionId") for answer in said} == {0, 1, None}
    assert (await ada.asks("session.subscriptions"))["result"] == []


async def test_ending_what_is_not_there_changes_nothing(ada: Bot) -> None:
    await ada.follows_itself()

    assert (await ada.asks(UNSUBSCRIBE, {"subscriptionId": 5}))["result"] == {}

    assert (await ada.asks("session.status"))["result"]["userDataStream"] is True


async def test_limits_on_subscriptions_are_told_apart(
    ada: Bot, ben: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ws_api_subscriptions, "ACTIVE_MAX", 1)
    monkeypatch.setattr(ws_api_subscriptions, "LIFETIME_MAX", 1)
    await ada.follows_itself()

    full = await ada.asks("userDataStream.subscribe.signature", ben.signed())
    await ada.says(UNSUBSCRIBE)
    await ada.client.hears(), await ada.client.hears()
    used_up = await ada.follows_itself()

    assert (full["error"]["code"], used_up["error"]["code"]) == (-1191, -2042)


async def test_nobody_is_logged_on(ada: Bot) -> None:
    status = (await ada.asks("session.status"))["result"]

    assert (status["apiKey"], status["authorizedSince"]) == (None, None)
    assert status["userDataStream"] is False
    assert status["connectedSince"] == ada.exchange.house.now_ms


async def test_a_revoked_key_is_told_no_more(
    exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ws_api_session, "RECHECK_KEYS_S", 0.01)
    bot = await new_bot(exchange)
    await bot.follows_itself()

    await exchange.house.api_keys.revoke(bot.user_id, bot.key, ip="192.0.2.1")

    assert (await bot.client.hears())["event"]["e"] == "eventStreamTerminated"
    assert not exchange.hub.wanted(user_channel(bot.user_id))


async def test_times_of_events_may_be_in_microseconds(exchange: Exchange) -> None:
    bot = await new_bot(exchange, query="?timeUnit=MICROSECOND")
    await bot.follows_itself()

    publish(bot)

    assert (await bot.client.hears())["event"] == INSIDE | {"E": 5000, "u": 5000}


async def test_lost_events_end_the_connection_that_would_miss_them(ada: Bot) -> None:
    await ada.follows_itself()

    ada.exchange.hub.lose(user_channel(ada.user_id))

    ended = {"e": "eventStreamTerminated", "E": ada.exchange.house.now_ms}
    assert await ada.client.hears() == {"subscriptionId": 0, "event": ended}
    assert (await ada.client.closed())[0] == 1012


async def test_who_leaves_while_a_subscription_is_under_way_leaves_nothing_behind(
    ada: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on = asyncio.Event(), asyncio.Event()
    find = ada.exchange.house.api_keys.find

    async def slowly(api_key: str) -> Credential | None:
        begun.set()
        await goes_on.wait()
        return await find(api_key)

    monkeypatch.setattr(ada.exchange.house.api_keys, "find", slowly)
    await ada.says("userDataStream.subscribe.signature", ada.signed())
    await asyncio.wait_for(begun.wait(), 5)
    figures = ada.exchange.figures
    await ada.client.socket.close()
    await until_gone(figures)
    requests = {task for task in asyncio.all_tasks() if task.get_name() == "ws-api-request"}

    goes_on.set()
    await asyncio.wait(requests)

    assert not ada.exchange.hub.wanted(user_channel(ada.user_id))


async def until_gone(figures: StreamFigures) -> None:
    async def gone() -> bool:
        return not figures.connected()

    await until(gone, "the gateway has noticed")


async def test_a_gateway_that_stops_says_so(tmp_path: Path) -> None:
    async with running(tmp_path, StreamSettings()) as exchange:
        bot = await new_bot(exchange)
        await bot.follows_itself()
        exchange.stop.set()

        said = [await bot.client.hears(), await bot.client.hears()]

        assert said[0]["event"]["e"] == "eventStreamTerminated"
        assert said[1] == {"event": {"e": "serverShutdown", "E": exchange.house.now_ms}}
        assert (await asyncio.wait_for(bot.client.closed(), 5))[0] == 1012
