"""Whom a session speaks for, and for how long. Time is the test's."""

import json
import math

import msgspec
import pytest

from api.dependencies import Dependencies
from api.stream import stomp_login as session_login
from api.stream.hub import user_channel
from api.stream.stomp_login import RECHECK_S
from contracts.identity import Role
from identity.service import IdentityService
from identity.tokens import ACCESS_TTL_S, AccessTokens, Caller
from tests.unit.api.conftest import House
from tests.unit.api.stream.stomp_client import StompClient, stomp_client

ORDERS, BALANCES = "/user/queue/orders", "/user/queue/balances"


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Login:
    """A gateway whose tokens and sockets go by one clock."""

    def __init__(self, house: House) -> None:
        self.clock = Clock()
        self.store = house.store
        self.identity = IdentityService(
            house.store, house.store, house.identity._passwords, AccessTokens("s" * 32, self.clock)
        )
        self.dependencies: Dependencies = msgspec.structs.replace(
            house.dependencies, identity=self.identity
        )

    async def token(self, name: str) -> tuple[int, str]:
        user_id = await self.identity.register(name, "correct horse battery", ip="192.0.2.1")
        pair = await self.identity.login(name, "correct horse battery", ip="192.0.2.1")
        return user_id, pair.access_token


@pytest.fixture
def login(house: House) -> Login:
    return Login(house)


def connects(client: StompClient, header: str) -> None:
    client.says(f"CONNECT\naccept-version:1.2\nheart-beat:0,0\n{header}\n\n\0")


@pytest.mark.parametrize("header", ["Authorization:Bearer {}", "token:{}"])
async def test_a_user_gets_their_own_events_each_in_its_queue(login: Login, header: str) -> None:
    user_id, token = await login.token("ada")
    hub = login.dependencies.hub
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        connects(client, header.format(token))
        client.subscribes(ORDERS)
        client.says(f"SUBSCRIBE\nid:b\ndestination:{BALANCES}\nreceipt:1\n\n\0")
        await client.frames(2)
        for kind in (
            "executionReport",
            "outboundAccountPosition",
            "listStatus",
            "balanceUpdate",
            "eventStreamTerminated",
        ):
            hub.publish(user_channel(user_id), json.dumps({"e": kind}))
            hub.publish(user_channel(user_id + 1), json.dumps({"e": kind}))
        got = [
            (frame.headers["destination"], json.loads(frame.body)["e"])
            for frame in (await client.frames(6))[2:]
        ]
        assert got == [
            (ORDERS, "executionReport"),
            (BALANCES, "outboundAccountPosition"),
            (ORDERS, "listStatus"),
            (BALANCES, "balanceUpdate"),
        ]


@pytest.mark.parametrize("token", ["rubbish", "a.b.c", "{other_secret}"])
async def test_a_wrong_token_is_refused(login: Login, token: str) -> None:
    forged = AccessTokens("x" * 32, login.clock).issue(Caller(1, Role.TRADER, "s"))
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        connects(client, "token:" + token.format(other_secret=forged))
        error = await client.frame(1)
        assert error.command == "ERROR"
        assert error.headers["message"] == "The access token is wrong or has expired"
        assert "POST /v1/oauth/token" in error.body
        assert await client.closed() == 1008


async def test_an_expired_token_is_refused(login: Login) -> None:
    _, token = await login.token("ada")
    login.clock.now += ACCESS_TTL_S
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        connects(client, f"token:{token}")
        assert (await client.frame(1)).headers["message"].endswith("wrong or has expired")


async def test_a_socket_ends_with_its_token(login: Login) -> None:
    _, token = await login.token("ada")
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        connects(client, f"token:{token}")
        client.says(f"SUBSCRIBE\nid:0\ndestination:{ORDERS}\nreceipt:1\n\n\0")
        await client.frame(2)
        login.clock.now += ACCESS_TTL_S - 1
        await client.peer.tick()
        await client.frame(2)
        login.clock.now += RECHECK_S
        await client.peer.tick()
        error = await client.frame(3)
        assert error.headers["message"].startswith("The access token has expired")
        assert "connect again" in error.body
        assert await client.closed() == 1008
        assert not login.dependencies.hub.names()


async def test_the_token_is_looked_at_every_half_minute(login: Login) -> None:
    _, token = await login.token("ada")
    checked = session_login.Login(login.identity.authenticate, login.clock)
    assert checked.check_in() == math.inf
    await checked.enter(token)
    for _ in range(2):
        assert checked.check_in() == RECHECK_S
        login.clock.now += RECHECK_S
        assert checked.check_in() == 0
        await checked.check()


def renews(client: StompClient, token: str) -> None:
    client.says(f"SEND\ndestination:/user/token\nAuthorization:Bearer {token}\nreceipt:1\n\n\0")


async def test_a_newer_token_keeps_the_socket_and_its_subscriptions(login: Login) -> None:
    user_id, token = await login.token("ada")
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        connects(client, f"token:{token}")
        client.subscribes(ORDERS)
        await client.frame(1)
        login.clock.now += ACCESS_TTL_S - 1
        newer = await login.identity.login("ada", "correct horse battery", ip="192.0.2.1")
        renews(client, newer.access_token)
        assert (await client.frame(2)).command == "RECEIPT"
        login.clock.now += RECHECK_S
        await client.peer.tick()
        login.dependencies.hub.publish(user_channel(user_id), '{"e":"executionReport"}')
        assert (await client.frame(3)).headers["destination"] == ORDERS
        login.clock.now += ACCESS_TTL_S
        await client.peer.tick()
        assert (await client.frame(4)).headers["message"].startswith("The access token has expired")


@pytest.mark.parametrize(
    ("whose", "message"),
    [("bob", "The access token is another user's"), (None, "is wrong or has expired")],
)
async def test_a_newer_token_is_the_same_users_or_the_socket_ends(
    login: Login, whose: str | None, message: str
) -> None:
    _, token = await login.token("ada")
    other = (await login.token(whose))[1] if whose else "rubbish"
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        connects(client, f"token:{token}")
        renews(client, other)
        error = await client.frame(2)
        assert (error.command, error.headers["receipt-id"]) == ("ERROR", "1")
        assert message in error.headers["message"]
        assert await client.closed() == 1008


async def test_nobody_becomes_somebody_on_an_open_socket(login: Login) -> None:
    _, token = await login.token("ada")
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        await client.connect()
        renews(client, token)
        assert (await client.frame(2)).headers["message"] == "Nobody is logged in"
        assert await client.closed() == 1008


async def test_a_socket_ends_after_logout(login: Login) -> None:
    _, token = await login.token("ada")
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        connects(client, f"token:{token}")
        await client.frame(1)
        await login.identity.logout(await login.identity.authenticate(token))
        login.clock.now += RECHECK_S
        await client.peer.tick()
        assert (await client.frame(2)).headers["message"].endswith("its session has ended")
        assert await client.closed() == 1008


async def test_while_sessions_cannot_be_looked_up_the_token_still_counts(
    login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = await login.token("ada")
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        connects(client, f"token:{token}")
        await client.frame(1)

        async def away(_: str) -> None:
            raise ConnectionError("the database is away")

        monkeypatch.setattr(login.store, "session", away)
        login.identity._sessions._values.clear()
        login.clock.now += RECHECK_S
        await client.peer.tick()
        await client.frame(1)
        login.clock.now += ACCESS_TTL_S
        await client.peer.tick()
        assert (await client.frame(2)).command == "ERROR"


async def test_a_login_that_cannot_be_checked_is_no_login(
    login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = await login.token("ada")

    async def away(_: str) -> None:
        raise ConnectionError("the database is away")

    monkeypatch.setattr(login.store, "session", away)
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        connects(client, f"token:{token}")
        assert (await client.frame(1)).headers["message"].endswith("cannot be checked now")
        assert await client.closed() == 1013


async def test_heart_beats_go_out_in_silence_and_a_silent_client_ends(login: Login) -> None:
    async with stomp_client(login.dependencies, clock_s=login.clock) as client:
        client.says("CONNECT\naccept-version:1.2\nheart-beat:10000,5000\n\n\0")
        await client.frame(1)
        login.clock.now += 4.9
        await client.peer.tick()
        assert len(client.wire.texts) == 1
        login.clock.now += 0.1
        await client.peer.tick()
        assert client.wire.texts[1:] == ["\n"]
        login.clock.now += 25
        await client.peer.tick()
        error = await client.frame(3)
        assert error.headers["message"] == "No heart-beat came"
        assert await client.closed() == 1002
