"""The same entry again is nothing; another under its identity is a contradiction."""

from contracts.repetitions import EntryHashes, Repetition, contradiction_halt
from contracts.topology import TRADES_EXECUTED


def test_an_entry_is_new_then_the_same_and_never_another() -> None:
    seen = EntryHashes()

    assert seen.meet(3, 7, "aa") is Repetition.NEW
    assert seen.meet(3, 7, "aa") is Repetition.SAME
    assert seen.meet(3, 7, "bb") is Repetition.CONTRADICTION
    assert seen.meet(3, 7, "bb") is Repetition.CONTRADICTION  # the first one stays
    assert seen.meet(4, 7, "bb") is Repetition.NEW  # another partition, another log


def test_memory_is_bounded_and_keeps_the_newest() -> None:
    seen = EntryHashes(remembered=100)
    for offset in range(1_000):
        seen.meet(3, offset, "aa")

    assert seen.meet(3, 900, "bb") is Repetition.CONTRADICTION
    assert seen.meet(3, 899, "bb") is Repetition.NEW
    assert sum(len(hashes) for hashes in seen._hashes.values()) == 100


def test_every_reader_sends_the_same_halt() -> None:
    halt = contradiction_halt(TRADES_EXECUTED, 3, 7, "BTCUSDT")

    assert halt == contradiction_halt(TRADES_EXECUTED, 3, 7, "BTCUSDT")
    assert halt.command_id != contradiction_halt(TRADES_EXECUTED, 3, 8, "BTCUSDT").command_id
    assert halt.command_id != contradiction_halt(TRADES_EXECUTED, 3, 7, "ETHUSDT").command_id
    assert "trades.executed/3, offset 7" in halt.reason
