"""API keys: secrets encrypted, look-ups remembered briefly, revocation at once."""

import pytest
from cryptography.fernet import Fernet

from identity.api_keys import KEYS_MAX, ApiKeys
from identity.errors import TooManyApiKeys
from identity.recent import Recent
from tests.unit.identity.fake_store import FakeStore

IP = "192.0.2.7"


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def keys(store: FakeStore) -> ApiKeys:
    return ApiKeys(store, store, Fernet.generate_key().decode())


async def test_a_key_is_found_with_its_secret_which_is_stored_encrypted(
    keys: ApiKeys, store: FakeStore
) -> None:
    made = await keys.create(7, "bot", can_trade=True, ip=IP)
    found = await keys.find(made.api_key)
    assert found is not None
    assert (found.user_id, found.secret.decode()) == (7, made.secret)
    assert made.secret.encode() not in store.keys[made.api_key].secret_encrypted
    assert made.secret not in repr(found)
    assert made.secret not in repr(store.events)


async def test_a_second_look_up_asks_nobody(keys: ApiKeys, store: FakeStore) -> None:
    made = await keys.create(7, "bot", can_trade=True, ip=IP)
    for _ in range(3):
        await keys.find(made.api_key)
        await keys.find("x" * 64)
    assert store.key_lookups == 2


async def test_a_revoked_key_is_gone_at_once(keys: ApiKeys) -> None:
    made = await keys.create(7, "bot", can_trade=True, ip=IP)
    await keys.find(made.api_key)
    assert await keys.revoke(7, made.api_key, ip=IP)
    assert await keys.find(made.api_key) is None
    assert not await keys.revoke(7, made.api_key, ip=IP)


async def test_nobody_revokes_the_key_of_another(keys: ApiKeys) -> None:
    made = await keys.create(7, "bot", can_trade=True, ip=IP)
    assert not await keys.revoke(8, made.api_key, ip=IP)
    assert await keys.find(made.api_key) is not None


async def test_the_number_of_keys_is_bounded(keys: ApiKeys) -> None:
    for _ in range(KEYS_MAX):
        await keys.create(7, "bot", can_trade=True, ip=IP)
    with pytest.raises(TooManyApiKeys):
        await keys.create(7, "bot", can_trade=True, ip=IP)


def test_the_memory_of_look_ups_is_bounded_in_size_and_time() -> None:
    now = [0.0]
    recent: Recent[int] = Recent(2, 5.0, lambda: now[0])
    for i in range(3):
        recent.put(str(i), i)
    assert [recent.get(str(i)) for i in range(3)] == [None, 1, 2]
    now[0] = 5.0
    assert recent.get("2") is None
