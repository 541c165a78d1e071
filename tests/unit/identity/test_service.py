"""Registering, logging in, lockout, refresh rotation, logging out."""

import pytest
from argon2 import PasswordHasher

from contracts.identity import LoginFailed, LoginSucceeded, Role
from identity.errors import BadCredentials, InvalidToken, LockedOut, UsernameTaken
from identity.passwords import Passwords
from identity.rotation import REUSE_GRACE_MS
from identity.service import IdentityService
from identity.tokens import AccessTokens
from tests.unit.identity.fake_store import FakeStore

PASSWORD = "correct horse battery"
IP = "192.0.2.7"


class Clock:
    def __init__(self) -> None:
        self.ms = 1_800_000_000_000

    def __call__(self) -> int:
        return self.ms

    def seconds(self) -> float:
        return self.ms / 1000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def service(store: FakeStore, clock: Clock) -> IdentityService:
    fast = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    return IdentityService(store, store, fast, AccessTokens("s" * 32, clock.seconds), clock)


async def test_a_registered_user_logs_in_and_is_recognised(
    service: IdentityService, store: FakeStore
) -> None:
    user_id = await service.register("ada", PASSWORD, ip=IP)
    pair = await service.login("ada", PASSWORD, ip=IP)
    caller = await service.authenticate(pair.access_token)
    assert (caller.user_id, caller.role) == (user_id, Role.TRADER)
    assert store.users[user_id].password_hash.startswith("$argon2id$")
    assert [type(e) for e in store.events] == [LoginSucceeded]


async def test_a_name_is_given_once(service: IdentityService) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    with pytest.raises(UsernameTaken):
        await service.register("ada", "another password", ip=IP)


async def test_wrong_password_and_unknown_name_get_the_same_answer(
    service: IdentityService, store: FakeStore
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    for name in ("ada", "nobody"):
        with pytest.raises(BadCredentials):
            await service.login(name, "wrong", ip=IP)
    failures = [e for e in store.events if isinstance(e, LoginFailed)]
    assert [(e.user_id, e.username) for e in failures] == [(1, "ada"), (0, "nobody")]


@pytest.mark.parametrize("name", ["ada", "nobody"])
async def test_five_failures_lock_the_name_from_that_address_for_a_minute(
    service: IdentityService, clock: Clock, name: str
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    for _ in range(5):
        with pytest.raises(BadCredentials):
            await service.login(name, "wrong", ip=IP)
    with pytest.raises(LockedOut) as locked:
        await service.login(name, PASSWORD, ip=IP)
    assert 0 < locked.value.retry_after_s <= 60
    clock.ms += 61_000
    if name == "ada":
        assert await service.login(name, PASSWORD, ip=IP)


async def test_a_lock_of_one_address_does_not_lock_the_owner_out_elsewhere(
    service: IdentityService,
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    for _ in range(5):
        with pytest.raises(BadCredentials):
            await service.login("ada", "wrong", ip="198.51.100.1")
    assert await service.login("ada", PASSWORD, ip=IP)


async def test_success_clears_the_failures(service: IdentityService) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(BadCredentials):
                await service.login("ada", "wrong", ip=IP)
        await service.login("ada", PASSWORD, ip=IP)


async def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(
    service: IdentityService, clock: Clock
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    first = await service.login("ada", PASSWORD, ip=IP)
    second = await service.refresh(first.refresh_token)
    clock.ms += REUSE_GRACE_MS + 1
    with pytest.raises(InvalidToken):
        await service.refresh(first.refresh_token)
    with pytest.raises(InvalidToken):
        await service.refresh(second.refresh_token)
    with pytest.raises(InvalidToken):
        await service.authenticate(second.access_token)


async def test_a_page_that_lost_the_answer_may_ask_again_for_a_moment(
    service: IdentityService, clock: Clock
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    first = await service.login("ada", PASSWORD, ip=IP)
    await service.refresh(first.refresh_token)
    clock.ms += REUSE_GRACE_MS
    again = await service.refresh(first.refresh_token)
    assert await service.authenticate(again.access_token)
    assert await service.refresh(again.refresh_token)


async def test_asking_again_makes_the_moment_no_longer(
    service: IdentityService, clock: Clock
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    first = await service.login("ada", PASSWORD, ip=IP)
    await service.refresh(first.refresh_token)
    clock.ms += REUSE_GRACE_MS
    await service.refresh(first.refresh_token)
    clock.ms += 1
    with pytest.raises(InvalidToken):
        await service.refresh(first.refresh_token)


async def test_only_the_token_that_was_used_last_may_come_again(
    service: IdentityService, clock: Clock
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    first = await service.login("ada", PASSWORD, ip=IP)
    second = await service.refresh(first.refresh_token)
    clock.ms += 1
    third = await service.refresh(second.refresh_token)
    with pytest.raises(InvalidToken):
        await service.refresh(first.refresh_token)
    with pytest.raises(InvalidToken):
        await service.refresh(third.refresh_token)


async def test_two_holders_of_a_session_are_found_out_at_the_next_renewal(
    service: IdentityService, clock: Clock
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    first = await service.login("ada", PASSWORD, ip=IP)
    one = await service.refresh(first.refresh_token)
    other = await service.refresh(first.refresh_token)
    clock.ms += 800_000
    renewed = await service.refresh(one.refresh_token)
    clock.ms += REUSE_GRACE_MS + 1
    with pytest.raises(InvalidToken):
        await service.refresh(other.refresh_token)
    with pytest.raises(InvalidToken):
        await service.authenticate(renewed.access_token)


async def test_logout_ends_access_and_refresh_at_once(service: IdentityService) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    pair = await service.login("ada", PASSWORD, ip=IP)
    await service.logout(await service.authenticate(pair.access_token))
    with pytest.raises(InvalidToken):
        await service.authenticate(pair.access_token)
    with pytest.raises(InvalidToken):
        await service.refresh(pair.refresh_token)


async def test_an_access_token_ends_after_a_quarter_of_an_hour(
    service: IdentityService, clock: Clock
) -> None:
    await service.register("ada", PASSWORD, ip=IP)
    pair = await service.login("ada", PASSWORD, ip=IP)
    clock.ms += 899_000
    assert await service.authenticate(pair.access_token)
    clock.ms += 1_000
    with pytest.raises(InvalidToken):
        await service.authenticate(pair.access_token)
