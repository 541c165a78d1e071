"""The relay's patience, with a clock of the test's own and a database that only remembers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from config.markets import load_markets
from contracts.matching import HaltMarket
from contracts.order_views import OrderView
from contracts.orders import OrderState, OrderStatus, Side
from contracts.repetitions import contradiction_halt
from contracts.topology import ORDERS_EVENTS
from contracts.user_events import OrderReported, UserEvent
from orders import relay as module
from orders.relay import OWN_EVENT_PATIENCE_S, Relay
from tests.support.engine_events import PARTITION, accepted, batch, cancelled, filled
from tests.support.order_views import view_of
from tests.support.orders import place_order

MARKER = object()  # stands in for a connection: nothing here asks a database


class Rows:
    """What the relay asks of the order rows: whose they are, and who has been answered."""

    def __init__(self) -> None:
        self.known: dict[int, str] = {}
        self.answered: set[int] = set()
        self.applied: list[tuple[int, int]] = []
        self.views: dict[int, OrderView] = {}

    async def owners(self, _: object, order_ids: Sequence[int]) -> dict[int, str]:
        return {i: self.known[i] for i in order_ids if i in self.known}

    async def unanswered(self, _: object, order_ids: Sequence[int]) -> dict[int, str]:
        return {i: self.known[i] for i in order_ids if i in self.known and i not in self.answered}

    async def apply(self, _: object, __: object, partition: int, next_offset: int) -> bool:
        self.applied.append((partition, next_offset))
        return True

    async def read(self, _: object, __: object) -> dict[int, OrderView]:
        return self.views


class Sagas:
    """Remembers who was told what."""

    def __init__(self) -> None:
        self.told: list[tuple[str, OrderStatus]] = []

    async def __call__(self, workflow_id: str, state: OrderState) -> None:
        self.told.append((workflow_id, state.status))


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Rows:
    found = Rows()

    async def transact(_: object, work: Callable[[object], Awaitable[Any]]) -> Any:
        return await work(MARKER)

    monkeypatch.setattr(module, "in_transaction", transact)
    monkeypatch.setattr(module.projector, "apply", found.apply)
    monkeypatch.setattr(module.repository, "owners", found.owners)
    monkeypatch.setattr(module.repository, "unanswered", found.unanswered)
    monkeypatch.setattr(module, "read_rows", found.read)
    return found


class Halts:
    """Remembers what was put into the engine's log."""

    def __init__(self) -> None:
        self.sent: list[HaltMarket] = []

    async def __call__(self, command: HaltMarket) -> None:
        self.sent.append(command)


class Users:
    """Remembers what users were told."""

    def __init__(self) -> None:
        self.told: list[UserEvent] = []

    async def __call__(self, events: Sequence[UserEvent]) -> None:
        self.told += events


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sagas() -> Sagas:
    return Sagas()


@pytest.fixture
def halts() -> Halts:
    return Halts()


@pytest.fixture
def users() -> Users:
    return Users()


@pytest.fixture
def relay(rows: Rows, sagas: Sagas, halts: Halts, users: Users, clock: Clock) -> Relay:
    return Relay(MARKER, load_markets(), sagas, halts, users, clock_s=clock)  # type: ignore[arg-type]


async def test_own_event_of_an_answered_order_is_never_signalled(
    relay: Relay, rows: Rows, sagas: Sagas, clock: Clock
) -> None:
    order = place_order()
    rows.known[order.order_id] = "order:7:mine"
    await relay.take(PARTITION, 0, 1, [batch((accepted(order),))])
    rows.answered.add(order.order_id)
    clock.now += OWN_EVENT_PATIENCE_S + 0.01
    await relay.tell_unanswered()
    assert sagas.told == []


async def test_own_event_that_the_saga_has_not_heard_is_signalled_after_patience(
    relay: Relay, rows: Rows, sagas: Sagas, clock: Clock
) -> None:
    order = place_order()
    rows.known[order.order_id] = "order:7:mine"
    await relay.take(PARTITION, 0, 1, [batch((accepted(order),))])
    clock.now += OWN_EVENT_PATIENCE_S - 0.01
    await relay.tell_unanswered()
    assert sagas.told == []
    clock.now += 0.02
    await relay.tell_unanswered()
    await relay.tell_unanswered()
    assert sagas.told == [("order:7:mine", OrderStatus.OPEN)]


async def test_end_of_a_cancelled_order_is_told_though_its_saga_was_answered_once(
    relay: Relay, rows: Rows, sagas: Sagas, clock: Clock
) -> None:
    order = place_order()
    rows.known[order.order_id] = "order:7:mine"
    rows.answered.add(order.order_id)
    await relay.take(PARTITION, 0, 2, [batch((accepted(order),), (cancelled(order, 2),))])
    assert sagas.told == []
    clock.now += OWN_EVENT_PATIENCE_S
    await relay.tell_unanswered()
    assert sagas.told == [("order:7:mine", OrderStatus.CANCELLED)]


async def test_both_legs_of_a_list_are_told_to_its_one_saga_one_after_the_other(
    relay: Relay, rows: Rows, sagas: Sagas
) -> None:
    legs = [place_order(side=Side.SELL) for _ in range(2)]
    rows.known = {leg.order_id: "order-list:7:mine" for leg in legs}
    events = [filled(leg, 2, n, 10, 10, caused_by=1) for n, leg in enumerate(legs)]
    await relay.take(PARTITION, 0, 1, [batch(tuple(events))])
    assert sagas.told == [("order-list:7:mine", OrderStatus.PARTIALLY_FILLED)] * 2


async def test_counterpartys_event_is_signalled_at_once(
    relay: Relay, rows: Rows, sagas: Sagas
) -> None:
    maker = place_order(side=Side.SELL)
    rows.known[maker.order_id] = "order:8:maker"
    event = filled(maker, 2, 1, 100_000, 100_000, caused_by=maker.order_id + 1)
    await relay.take(PARTITION, 0, 1, [batch((event,))])
    assert sagas.told == [("order:8:maker", OrderStatus.FILLED)]


async def test_fills_of_one_order_in_one_run_are_one_signal(
    relay: Relay, rows: Rows, sagas: Sagas
) -> None:
    maker = place_order(side=Side.SELL)
    rows.known[maker.order_id] = "order:8:maker"
    taker = maker.order_id + 1
    fills = [filled(maker, n + 2, n + 1, 10, (n + 1) * 10, caused_by=taker) for n in range(50)]
    await relay.take(PARTITION, 0, 50, [batch(*((event,) for event in fills))])
    assert sagas.told == [("order:8:maker", OrderStatus.PARTIALLY_FILLED)]


async def test_order_without_a_row_has_no_saga_to_tell(relay: Relay, sagas: Sagas) -> None:
    maker = place_order(side=Side.SELL)
    event = filled(maker, 2, 1, 10, 10, caused_by=maker.order_id + 1)
    await relay.take(PARTITION, 0, 1, [batch((event,))])
    assert sagas.told == []


async def test_restart_begins_before_what_is_still_held_back(
    relay: Relay, rows: Rows, clock: Clock
) -> None:
    first, second = place_order(), place_order()
    await relay.take(PARTITION, 5, 7, [batch((accepted(first),))])
    clock.now += OWN_EVENT_PATIENCE_S / 2
    await relay.take(PARTITION, 7, 9, [batch((accepted(second),), first_offset=1)])
    assert relay.safe_offset(PARTITION, 9) == 5
    clock.now += OWN_EVENT_PATIENCE_S / 2
    await relay.tell_unanswered()
    assert relay.safe_offset(PARTITION, 9) == 7
    assert relay.safe_offset(PARTITION + 1, 3) == 3
    assert rows.applied == [(PARTITION, 7), (PARTITION, 9)]


async def test_patience_ends_early_when_too_much_is_held_back(
    relay: Relay, rows: Rows, sagas: Sagas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_HELD_BACK", 2)
    orders = [place_order() for _ in range(3)]
    rows.known = {o.order_id: f"order:7:c{n}" for n, o in enumerate(orders)}
    await relay.take(PARTITION, 0, 3, [batch(*((accepted(o),) for o in orders))])
    assert [workflow for workflow, _ in sagas.told] == ["order:7:c0", "order:7:c1", "order:7:c2"]


async def test_an_entry_that_comes_again_halts_nothing(
    relay: Relay, sagas: Sagas, halts: Halts
) -> None:
    again = batch((accepted(place_order()),))
    await relay.take(PARTITION, 0, 1, [again])
    await relay.take(PARTITION, 1, 2, [again])
    assert halts.sent == []


async def test_two_outputs_of_one_command_halt_the_market_and_the_first_stands(
    relay: Relay, rows: Rows, sagas: Sagas, halts: Halts
) -> None:
    maker = place_order(side=Side.SELL)
    rows.known[maker.order_id] = "order:8:maker"
    one, other = (filled(maker, 2, 1, n, n, caused_by=maker.order_id + 1) for n in (10, 20))
    await relay.take(
        PARTITION, 0, 2, [batch((one,), first_offset=5), batch((other,), first_offset=5)]
    )
    assert halts.sent == [contradiction_halt(ORDERS_EVENTS, PARTITION, 5, maker.symbol)]
    await relay.take(PARTITION, 2, 3, [batch((), first_offset=5)])  # names no market: halt them all
    assert halts.sent[1:] == [contradiction_halt(ORDERS_EVENTS, PARTITION, 5, "BTCUSDT")]
    assert sagas.told == [("order:8:maker", OrderStatus.PARTIALLY_FILLED)]


async def test_market_that_does_not_settle_is_passed_over_among_others(
    rows: Rows, sagas: Sagas, halts: Halts, users: Users, clock: Clock
) -> None:
    relay = Relay(MARKER, load_markets(bench=True), sagas, halts, users, clock_s=clock)  # type: ignore[arg-type]
    ours, theirs = place_order(side=Side.SELL), place_order(symbol="BENCHUSDT", side=Side.SELL)
    for order in (ours, theirs):
        rows.known[order.order_id] = f"order:8:{order.symbol}"
    events = (filled(order, 2, 1, 10, 10, caused_by=1) for order in (theirs, ours))
    await relay.take(PARTITION, 0, 1, [batch(*((event,) for event in events))])
    assert sagas.told == [("order:8:BTCUSDT", OrderStatus.PARTIALLY_FILLED)]
    assert rows.applied == [(PARTITION, 1)]


async def test_users_are_told_after_the_rows_and_beside_the_sagas(
    relay: Relay, rows: Rows, sagas: Sagas, users: Users
) -> None:
    maker = place_order(side=Side.SELL)
    rows.known[maker.order_id] = "order:8:maker"
    rows.views[maker.order_id] = view_of(maker)
    event = filled(maker, 2, 1, 100_000, 100_000, caused_by=maker.order_id + 1)
    await relay.take(PARTITION, 0, 1, [batch((accepted(maker),), (event,))])
    assert [e.execution for e in users.told if isinstance(e, OrderReported)] == ["NEW", "TRADE"]
    assert sagas.told == [("order:8:maker", OrderStatus.FILLED)]
