"""The same rules as in memory, held by real transactions; events in the outbox beside them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.mysql import create_engine, require_login
from config.settings import Settings
from contracts.identity import ApiKeyCreated, IdentityEvent, LoginFailed, LoginSucceeded
from contracts.identity import UserRegistered as Registered
from contracts.message import decode
from contracts.topology import IDENTITY_DATABASE, ORDERS_DATABASE
from identity.api_keys import KEYS_MAX, ApiKeys
from identity.errors import (
    BadCredentials,
    IdentityError,
    InvalidToken,
    LockedOut,
    TooManyApiKeys,
    UsernameTaken,
)
from identity.passwords import Passwords
from identity.queries import IdentityQueries
from identity.repository import IdentityRepository
from identity.rotation import REUSE_GRACE_MS
from identity.service import IdentityService, now_ms
from identity.tables import OUTBOX
from identity.tokens import AccessTokens

pytestmark = pytest.mark.mysql

PASSWORD = "correct horse battery"
IP = "192.0.2.7"


@pytest.fixture
async def engine(databases: Settings) -> AsyncIterator[AsyncEngine]:
    login = require_login(databases.mysql.identity, "identity")
    made = create_engine(databases.mysql, login, IDENTITY_DATABASE)
    yield made
    await made.dispose()


class Clock:
    """The wall clock, and what a test has put it forward."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def __call__(self) -> int:
        return now_ms() + self.ahead_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(engine: AsyncEngine, clock: Clock) -> IdentityService:
    fast = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    return IdentityService(
        IdentityRepository(engine), IdentityQueries(engine), fast, AccessTokens("s" * 32), clock
    )


@pytest.fixture
def keys(engine: AsyncEngine) -> ApiKeys:
    return ApiKeys(
        IdentityRepository(engine), IdentityQueries(engine), Fernet.generate_key().decode()
    )


async def events(engine: AsyncEngine) -> list[IdentityEvent]:
    async with engine.connect() as connection:
        rows = (await connection.execute(select(OUTBOX).order_by(OUTBOX.c.id))).all()
    return [decode(row.payload, IdentityEvent) for row in rows]


async def test_users_count_from_one_and_names_are_unique(
    service: IdentityService, engine: AsyncEngine
) -> None:
    assert await service.register("ada", PASSWORD, ip=IP) == 1
    assert await service.register("bob", PASSWORD, ip=IP) >= 2
    with pytest.raises(UsernameTaken):
        await service.register("ada", PASSWORD, ip=IP)
    told = await events(engine)
    assert [type(e) for e in told] == [Registered, Registered]
    assert told[0].user_id == 1
    assert PASSWORD not in repr(told)


async def test_of_many_registrations_of_one_name_one_succeeds(
    service: IdentityService, engine: AsyncEngine
) -> None:
    outcomes = await asyncio.gather(
        *(service.register("ada", PASSWORD, ip=IP) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert len(await events(engine)) == 1


async def test_login_refresh_reuse_and_logout(
    service: IdentityService, engine: AsyncEngine, clock: Clock
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    first = await service.login("ada", PASSWORD, ip=IP)
    assert (await service.authenticate(first.access_token)).user_id == 1
    await service.refresh(first.refresh_token)
    second = await service.refresh(first.refresh_token)  # its answer was lost, and it comes again
    clock.ahead_ms += REUSE_GRACE_MS + 1
    with pytest.raises(InvalidToken):
        await service.refresh(first.refresh_token)
    with pytest.raises(InvalidToken):
        await service.refresh(second.refresh_token)  # the reuse has ended the session
    other = await service.login("ada", PASSWORD, ip=IP)
    await service.logout(await service.authenticate(other.access_token))
    with pytest.raises(InvalidToken):
        await service.authenticate(other.access_token)
    assert [type(e) for e in await events(engine)] == [Registered, LoginSucceeded, LoginSucceeded]


async def test_of_the_pairs_that_one_refresh_token_gave_at_once_one_goes_on(
    service: IdentityService, clock: Clock
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    pair = await service.login("ada", PASSWORD, ip=IP)
    pairs = await asyncio.gather(*(service.refresh(pair.refresh_token) for _ in range(6)))
    renewed = await service.refresh(pairs[0].refresh_token)
    clock.ahead_ms += REUSE_GRACE_MS + 1
    with pytest.raises(InvalidToken):
        await service.refresh(pairs[1].refresh_token)
    with pytest.raises(InvalidToken):
        await service.refresh(renewed.refresh_token)


async def test_a_burst_of_guesses_gets_no_more_than_five(
    service: IdentityService, engine: AsyncEngine
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    outcomes = await asyncio.gather(
        *(service.login("ada", f"guess {n}", ip=IP) for n in range(12)), return_exceptions=True
    )
    assert sum(isinstance(outcome, BadCredentials) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, LockedOut) for outcome in outcomes) == 7
    failed = [e for e in await events(engine) if isinstance(e, LoginFailed)]
    assert {e.user_id for e in failed} == {1}
    assert len(failed) == 12


async def test_keys_are_found_revoked_and_told_apart_by_case(
    keys: ApiKeys, service: IdentityService, engine: AsyncEngine
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    made = await keys.create(1, "bot", can_trade=True, ip=IP)
    found = await keys.find(made.api_key)
    assert found is not None
    assert found.secret.decode() == made.secret
    assert await keys.find(made.api_key.swapcase()) is None
    assert not await keys.revoke(2, made.api_key, ip=IP)
    assert await keys.revoke(1, made.api_key, ip=IP)
    assert await keys.find(made.api_key) is None
    assert await keys.of_user(1) == []
    told = await events(engine)
    assert isinstance(told[1], ApiKeyCreated)
    assert made.secret not in repr(told)


async def test_keys_made_at_once_stay_within_their_number(
    keys: ApiKeys, service: IdentityService
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    outcomes = await asyncio.gather(
        *(keys.create(1, f"k{n}", can_trade=True, ip=IP) for n in range(KEYS_MAX + 3)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, TooManyApiKeys) for outcome in outcomes) == 3
    assert len(await keys.of_user(1)) == KEYS_MAX


async def test_hostile_text_is_only_text(service: IdentityService, engine: AsyncEngine) -> None:
    for name in ("' OR 1=1 --", "ada'; DROP TABLE app_user; --", "%", "\\"):
        with pytest.raises(IdentityError):
            await service.login(name, PASSWORD, ip=IP)
    async with engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(OUTBOX)) == 4


async def test_the_login_of_identity_reaches_no_other_database(databases: Settings) -> None:
    login = require_login(databases.mysql.identity, "identity")
    made = create_engine(databases.mysql, login, ORDERS_DATABASE)
    with pytest.raises(DBAPIError):
        async with made.connect():
            pass
    await made.dispose()
