"""What a snapshot holds is all that an engine knows: nothing is forgotten, nothing added."""

import importlib
import inspect
from typing import Any

import pytest
from msgspec.structs import replace

from contracts.matching import EngineCommand
from contracts.orders import OrderType
from matching.engine import Engine
from matching.parts import CAPTURED, DERIVED, PASSING, decode_part, encode_part
from matching.state import ROWS, capture, rebuild, state_hash
from tests.support.engine_commands import add_symbol, buy, cancel, seeded_log, sell
from tests.support.mixed_log import mixed_commands
from tests.support.same_objects import difference


def run(commands: list[EngineCommand]) -> Engine:
    engine = Engine()
    for offset, command in enumerate(commands):
        engine.apply(command, offset, offset)
    return engine


def classes_of_the_engine() -> dict[type[Any], set[str]]:
    """Each class with attributes in the engine's module and in those that it imports."""
    found: dict[type[Any], set[str]] = {}
    waiting, seen = ["matching.engine"], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        module = importlib.import_module(name)
        for value in vars(module).values():
            home = getattr(value, "__module__", None) or getattr(value, "__name__", None)
            if isinstance(home, str) and home.startswith("matching."):
                waiting.append(home)
        for _, kind in inspect.getmembers(module, inspect.isclass):
            slots = vars(kind).get("__slots__", ())
            if kind.__module__ == name and slots:
                found[kind] = set(slots)
    return found


def test_every_attribute_of_the_engine_is_captured_or_known_as_derived() -> None:
    classes = classes_of_the_engine()
    assert Engine in classes  # else the search is broken
    assert len(classes) >= 6
    known = {
        kind: set(CAPTURED.get(kind, ())) | set(DERIVED.get(kind, ()))
        for kind in CAPTURED.keys() | DERIVED.keys()
    }

    assert {k.__name__: sorted(v) for k, v in known.items()} == {
        k.__name__: sorted(v) for k, v in classes.items() if k not in PASSING
    }
    for kind in known:
        assert not CAPTURED.get(kind, frozenset()) & DERIVED.get(kind, frozenset())


def test_no_class_of_the_engine_keeps_attributes_beside_its_slots() -> None:
    for kind in classes_of_the_engine():
        assert "__dict__" not in vars(kind)
        assert all("__slots__" in vars(base) or base is object for base in kind.__mro__), kind


@pytest.mark.parametrize("seed", range(5))
def test_an_engine_rebuilt_from_its_bytes_is_the_same_down_to_its_links(seed: int) -> None:
    engine = run(mixed_commands(100 + seed, 4_000))
    assert engine.orders.closed_at
    assert engine.orders.buried_at
    assert any(market.stops.size for market in engine.markets.values())
    assert any(market.expiries.keys for market in engine.markets.values())

    rebuilt = rebuild(decode_part(encode_part(part)) for part in capture(engine))

    assert difference(engine, rebuilt) is None
    assert list(engine.live) == list(rebuilt.live)
    assert list(engine.closed) == list(rebuilt.closed)
    assert state_hash(rebuilt) == state_hash(engine)


def test_orders_that_wait_for_their_turn_keep_it_even_where_one_has_ended() -> None:
    """One trade reaches 250 stop prices; a command activates 100 of them."""
    stop = OrderType.STOP_LOSS_LIMIT
    stops = [
        replace(buy(n, 50, 1, user_id=n), order_type=stop, stop_ticks=100) for n in range(10, 260)
    ]
    before = [add_symbol(), buy(1, 90, 1), sell(2, 90, 1), *stops]
    engine = run([*before, buy(3, 100, 1), sell(4, 100, 1), cancel(259)])
    (market,) = engine.markets.values()
    assert 0 < len(market.triggered) < 250
    assert market.triggered[-1].order_id == 259
    assert 259 not in engine.live

    rebuilt = rebuild(decode_part(encode_part(part)) for part in capture(engine))

    assert difference(engine, rebuilt) is None
    rest = [buy(5, 1, 1), buy(6, 1, 1), buy(7, 1, 1)]
    for offset, command in enumerate(rest, start=engine.next_offset):
        assert rebuilt.apply(command, offset, offset) == engine.apply(command, offset, offset)
    assert not market.triggered
    assert difference(engine, rebuilt) is None


def test_the_comparison_of_these_tests_sees_a_difference() -> None:
    commands = seeded_log(7, 500)
    engine, other = run(commands), run(commands)
    assert difference(engine, other) is None
    order = next(iter(other.live.values()))

    order.commission_e8 += 1
    assert "commission_e8" in (difference(engine, other) or "")
    order.commission_e8 -= 1
    assert difference(engine, other) is None
    assert order.level is not None
    order.level.quantity += 1
    assert "quantity" in (difference(engine, other) or "")


def test_a_capture_does_not_change_with_the_engine() -> None:
    engine = run(mixed_commands(8, 1_000))
    parts = capture(engine)
    before = [encode_part(part) for part in parts]

    for offset, command in enumerate(mixed_commands(9, 1_000), start=1_000):
        engine.apply(command, offset, offset)

    assert [encode_part(part) for part in parts] == before
    assert [encode_part(part) for part in capture(engine)] != before


def test_parts_are_bounded_and_go_on_where_the_last_one_ended() -> None:
    many = ROWS * 2 + 1
    engine = run(
        [
            add_symbol(),
            *(buy(i, 100, 1) for i in range(1, many + 1)),
            *(cancel(i) for i in range(many + 1, 2 * many + 1)),
        ]
    )

    parts = capture(engine)

    assert max(len(encode_part(part)) for part in parts) < 200 * ROWS
    assert difference(engine, rebuild(parts)) is None
    assert len(engine.tombstones) == many


@pytest.mark.parametrize("band", [b"null", b"[0,1100000,200000,5000000,900000]"])
def test_a_market_of_before_operators_set_bands_is_read_and_written_as_it_was(band: bytes) -> None:
    line = (
        b'{"type":"market","swept_ms":5,"symbol":"BTCUSDT","base":"BTC","quote":"USDT",'
        b'"tick_e8":1000000,"lot_e8":1000,"trade_id":3,"book_seq":9,"prevented_match_id":0,'
        b'"last_ticks":100,"halted":null,"band":' + band + b"}"
    )

    assert encode_part(decode_part(line)) == line
