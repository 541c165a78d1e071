"""The state hash: equal after the same log, cut anywhere; different after any other."""

import pytest

from contracts.matching import EngineCommand
from contracts.message import decode, encode
from matching.engine import Engine
from matching.state import state_hash
from tests.support.engine_commands import add_symbol, buy, cancel, halt, seeded_log, sell


def run(engine: Engine, commands: list[EngineCommand], first: int = 0) -> bytes:
    return b"".join(
        encode(engine.apply(command, first + i, first + i)) for i, command in enumerate(commands)
    )


def test_the_same_log_gives_the_same_bytes_and_state() -> None:
    commands = seeded_log(1, 5_000)
    one, other = Engine(), Engine()

    assert run(one, commands) == run(other, commands)
    assert state_hash(one) == state_hash(other)


def test_a_replay_after_a_cut_anywhere_ends_in_the_same_state() -> None:
    commands = seeded_log(2, 2_000)
    whole = Engine()
    output = run(whole, commands)
    for cut in (0, 1, 2, 17, 391, 802, 1_000, 1_403, 1_999, 2_000):
        stopped = Engine()
        before = run(stopped, commands[:cut])
        # The process dies here; the next one reads the log from its beginning, from bytes.
        restarted = Engine()
        read: list[EngineCommand] = [decode(encode(c), EngineCommand) for c in commands]
        replayed = run(restarted, read[:cut])

        assert replayed == before
        assert state_hash(restarted) == state_hash(stopped)
        assert before + run(restarted, read[cut:], cut) == output
        assert state_hash(restarted) == state_hash(whole)


@pytest.mark.parametrize(
    "commands",
    [
        [add_symbol(), buy(1, 100, 5), buy(2, 100, 5)],
        [add_symbol(), buy(2, 100, 5), buy(1, 100, 5)],  # other priority, same levels
        [add_symbol(), buy(1, 100, 5), buy(2, 100, 6)],
        [add_symbol(), buy(1, 100, 5), buy(2, 101, 5)],
        [add_symbol(), buy(1, 100, 5), cancel(2)],
        [add_symbol(), buy(1, 100, 5), cancel(3)],
        [add_symbol(), buy(1, 100, 5), cancel(1)],
        [add_symbol(), buy(1, 100, 5), halt()],
        [add_symbol(), buy(1, 100, 5), sell(2, 100, 5)],
        [add_symbol(), buy(1, 100, 5)],
    ],
)
def test_any_difference_shows_in_the_hash(commands: list[EngineCommand]) -> None:
    reference = Engine()
    run(reference, [add_symbol(), buy(1, 100, 5), buy(2, 100, 7)])
    engine = Engine()
    run(engine, commands)

    assert state_hash(engine) != state_hash(reference)
