"""From both topics on the real Kafka to the hub's user channels: once, in order, to nobody else."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer

from adapters.kafka import create_consumer, create_producer
from api.breaker import CircuitBreaker
from api.stream import user_feed_balances
from api.stream.hub import Frame, Hub, user_channel
from api.stream.user_feed import UserFeed
from api.stream.user_feed_balances import UserBalances
from config.settings import Settings
from contracts.amounts import Amount
from contracts.message import encode
from contracts.topology import USER_EVENTS, WALLET_EVENTS
from contracts.user_events import ListedOrder, ListReported, ListStatus, OrderReported
from contracts.wallet import Account, PostingRecorded, ReferenceType, TransferRecorded
from tests.support.waits import ended
from tests.unit.api.fakes import Balance, FakeWallet
from tests.unit.api.stream.test_user_payloads import report

pytestmark = pytest.mark.kafka

SECONDS = 10
_users = itertools.count(500_001)
_orders = itertools.count(700_001)


class Wallet(FakeWallet):
    """Says how often it was asked; fails when it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.was_asked = asyncio.Event()
        self.failures = 0
        self.answers = asyncio.Event()
        self.answers.set()

    async def balances(self, user_id: int) -> Sequence[Balance]:
        self.asked += 1
        self.was_asked.set()
        await self.answers.wait()
        if self.failures:
            self.failures -= 1
            raise ConnectionResetError
        return [Balance(currency, Amount("1"), Amount("2")) for currency in ("BTC", "ETH", "USDT")]


class Listener:
    """One user's subscriber."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Any] = asyncio.Queue()
        self.lost: list[str] = []

    def deliver(self, frame: Frame) -> None:
        self.heard.put_nowait(json.loads(frame.payload))

    def lose(self, name: str) -> None:
        self.lost.append(name)

    async def hears(self) -> Any:
        return await asyncio.wait_for(self.heard.get(), SECONDS)


class House:
    """A running feed, and a producer that says what relay and wallet would."""

    def __init__(self, hub: Hub, wallet: Wallet, producer: AIOKafkaProducer) -> None:
        self.hub = hub
        self.wallet = wallet
        self.producer = producer

    def user(self) -> tuple[int, Listener]:
        """A new user who is connected."""
        user_id, listener = next(_users), Listener()
        self.hub.subscribe(user_channel(user_id), listener)
        return user_id, listener

    async def tell(self, *events: OrderReported | ListReported) -> None:
        for event in events:
            key = str(event.user_id).encode()
            await self.producer.send_and_wait(USER_EVENTS, encode(event), key=key)

    async def move(self, *transfers: TransferRecorded) -> None:
        for transfer in transfers:
            await self.producer.send_and_wait(WALLET_EVENTS, encode(transfer), key=b"7")


@pytest.fixture
async def house(topics: Settings) -> AsyncIterator[House]:
    hub, wallet = Hub(), Wallet()
    consumer, producer = await create_consumer(topics.kafka), await create_producer(topics.kafka)
    balances = UserBalances(hub, wallet, CircuitBreaker("wallet"), lambda: 5)
    feed = UserFeed(consumer, hub, balances, lambda: 5)
    earlier = report(user_id=next(_users), order_id=next(_orders), client_order_id="earlier")
    made = House(hub, wallet, producer)
    await made.tell(earlier)
    await feed.start()
    running = asyncio.create_task(feed.run())
    yield made
    await ended(running)
    await consumer.stop()
    await producer.stop()


def transfer(
    user_id: int,
    *currencies: str,
    kind: ReferenceType = ReferenceType.RESERVE,
    transfer_id: UUID | None = None,
) -> TransferRecorded:
    """Money of a user moves between available and reserved."""
    return TransferRecorded(
        message_id=uuid4(),
        transfer_id=transfer_id or uuid4(),
        reference_type=kind,
        reference_id="1",
        postings=tuple(
            PostingRecorded(
                user_id=user_id, currency=currency, account=Account.AVAILABLE, amount=Amount("3")
            )
            for currency in currencies
        ),
        at_ms=4,
        correlation_id="c",
    )


async def test_changes_come_in_order_and_once_though_they_are_told_twice(house: House) -> None:
    user_id, listener = house.user()
    order_id = next(_orders)
    told = [report(user_id=user_id, order_id=order_id, sequence=n) for n in (1, 2, 3)]

    await house.tell(*told[:2], *told)

    heard = [await listener.hears() for _ in told]
    assert [(event["i"], event["I"]) for event in heard] == [(order_id, n) for n in (1, 2, 3)]
    assert listener.heard.empty()


async def test_a_list_begins_once_and_ends_once(house: House) -> None:
    user_id, listener = house.user()
    began = ListReported(
        user_id=user_id,
        list_id=next(_orders),
        symbol="BTCUSDT",
        list_client_order_id="pair",
        status=ListStatus.EXECUTING,
        orders=(ListedOrder(order_id=1, client_order_id="a"),),
        at_ms=4,
    )
    done = ListReported(**{f: getattr(began, f) for f in _LIST_FIELDS}, status=ListStatus.ALL_DONE)

    await house.tell(began, began, done, began, done, report(user_id=user_id))

    heard = [await listener.hears() for _ in range(3)]
    assert [event.get("l") for event in heard[:2]] == ["EXEC_STARTED", "ALL_DONE"]
    assert heard[2]["e"] == "executionReport"


async def test_nobody_hears_of_others(house: House) -> None:
    (first, one), (second, other) = house.user(), house.user()

    await house.tell(report(user_id=second, order_id=next(_orders)))
    await house.tell(report(user_id=first, order_id=next(_orders)))
    await house.move(transfer(second, "BTC"))

    assert (await one.hears())["e"] == "executionReport"
    assert [(await other.hears())["e"] for _ in range(2)] == [
        "executionReport",
        "outboundAccountPosition",
    ]
    assert one.heard.empty()


async def test_what_moved_is_told_as_what_it_has_come_to(house: House) -> None:
    user_id, listener = house.user()

    await house.move(transfer(user_id, "BTC", "USDT"))

    assert await listener.hears() == {
        "e": "outboundAccountPosition",
        "E": 5,
        "u": 4,
        "B": [
            {"a": "BTC", "f": "1.00000000", "l": "2.00000000"},
            {"a": "USDT", "f": "1.00000000", "l": "2.00000000"},
        ],
    }


async def test_a_burst_costs_one_question(house: House) -> None:
    user_id, listener = house.user()
    house.wallet.answers.clear()
    await house.move(transfer(user_id, "BTC"))
    await asyncio.wait_for(house.wallet.was_asked.wait(), SECONDS)
    await house.move(*(transfer(user_id, "ETH") for _ in range(20)))
    # The feed reads in order, so when this is heard it has read the transfers before it.
    await house.move(transfer(user_id, "USDT", kind=ReferenceType.DEPOSIT))
    assert (await listener.hears())["e"] == "balanceUpdate"

    house.wallet.answers.set()

    assert [b["a"] for b in (await listener.hears())["B"]] == ["BTC"]
    assert [b["a"] for b in (await listener.hears())["B"]] == ["ETH", "USDT"]
    assert house.wallet.asked == 2


async def test_a_deposit_that_is_told_twice_changes_the_balance_once(house: House) -> None:
    user_id, listener = house.user()
    again = uuid4()
    deposit = transfer(user_id, "BTC", kind=ReferenceType.DEPOSIT, transfer_id=again)

    await house.move(deposit, deposit, transfer(user_id, "ETH", kind=ReferenceType.DEPOSIT))

    updates = []
    while len(updates) < 2:
        event = await listener.hears()
        if event["e"] == "balanceUpdate":
            updates.append((event["a"], event["d"]))
    assert updates == [("BTC", "3.00000000"), ("ETH", "3.00000000")]


async def test_a_wallet_that_is_away_is_asked_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(user_feed_balances, "FAILURE_PAUSE_S", 0.01)
    user_id, listener = house.user()
    house.wallet.failures = 2

    await house.move(transfer(user_id, "BTC"))

    assert (await listener.hears())["B"][0]["a"] == "BTC"


async def test_an_event_that_cannot_be_read_is_a_gap_of_its_user_alone(house: House) -> None:
    (user_id, listener), (other_id, other) = house.user(), house.user()
    key = str(user_id).encode()
    await house.producer.send_and_wait(USER_EVENTS, b"{}", key=key)

    for one in (user_id, other_id):
        await house.tell(report(user_id=one, order_id=next(_orders)))

    assert (await listener.hears())["e"] == "executionReport"
    assert (await other.hears())["e"] == "executionReport"
    assert (listener.lost, other.lost) == ([user_channel(user_id)], [])


@pytest.mark.parametrize(
    ("topic", "key"), [(WALLET_EVENTS, b"7"), (USER_EVENTS, b"nobody"), (USER_EVENTS, None)]
)
async def test_what_may_have_been_anybodys_is_everybodys_gap(
    house: House, topic: str, key: bytes | None
) -> None:
    users = dict(house.user() for _ in range(2))
    await house.producer.send_and_wait(topic, b"{}", key=key)

    for user_id, listener in users.items():
        if topic == USER_EVENTS:
            await house.tell(report(user_id=user_id, order_id=next(_orders)))
        else:
            await house.move(transfer(user_id, "BTC"))
        await listener.hears()

    assert [listener.lost for listener in users.values()] == [[user_channel(u)] for u in users]


_LIST_FIELDS = ("user_id", "list_id", "symbol", "list_client_order_id", "orders", "at_ms")
