"""Entries keep their ids, so what is written twice is read once."""

from market_data.frame_log import KEPT, NONE, Entry, FrameLog, State, parse_id
from market_data.told import Told


def test_entries_hold_each_stream_once_in_order() -> None:
    log = FrameLog()

    log.add([("trade", "1"), ("aggTrade", "a"), ("trade", "2"), ("depth", "d")], 1_000)

    assert log.unwritten() == (
        Entry((1_000, 0), {"trade": "1", "aggTrade": "a", "depth": "d"}),
        Entry((1_000, 1), {"trade": "2"}),
    )


def test_ids_rise_also_when_the_clock_runs_back() -> None:
    log = FrameLog()
    for now_ms in (1_000, 1_000, 900, 1_001):
        log.add([("trade", "1")], now_ms)

    ids = [entry.entry_id for entry in log.unwritten()]
    assert ids == [(1_000, 0), (1_000, 1), (1_000, 2), (1_001, 0)]


def test_what_redis_has_is_not_written_again() -> None:
    log = FrameLog()
    log.add([("trade", "1")], 1_000)
    log.mark_written((1_000, 0))
    assert log.unwritten() == ()

    log.add([("trade", "2")], 1_020)
    log.found((1_020, 0))  # the answer was lost, the entry was not

    assert log.unwritten() == ()
    assert log.written == (1_020, 0)


def test_what_redis_has_lost_is_written_again_under_its_old_id() -> None:
    log = FrameLog()
    for now_ms in (1_000, 1_020, 1_040):
        log.add([("trade", str(now_ms))], now_ms)
        log.mark_written((now_ms, 0))

    log.found((1_000, 0))  # Redis came back with what it had then
    assert [entry.entry_id for entry in log.unwritten()] == [(1_020, 0), (1_040, 0)]

    log.found(NONE)  # it was emptied
    assert [entry.entry_id for entry in log.unwritten()] == [(1_000, 0), (1_020, 0), (1_040, 0)]


def test_a_new_log_begins_after_what_redis_has() -> None:
    log = FrameLog()
    log.found((5_000, 3))

    log.add([("trade", "1")], 4_000)

    assert [entry.entry_id for entry in log.unwritten()] == [(5_000, 4)]


def test_what_can_be_repeated_is_bounded() -> None:
    log = FrameLog()
    for n in range(2 * KEPT):
        log.add([("trade", str(n))], 1_000 + n)

    assert len(log.unwritten()) == KEPT


def test_an_id_is_read_as_it_is_written() -> None:
    assert parse_id("1700000000000-12") == (1_700_000_000_000, 12)


def test_told_is_read_as_it_is_written_and_none_where_it_is_not_there() -> None:
    told = Told(4, 3, 2, 1)

    assert Told.from_fields({**told.fields(), "book_seq": "9"}) == told
    assert Told.from_fields({"book_seq": "9"}) is None
    assert Told.from_fields({**told.fields(), "told_trade_id": "x"}) is None


def test_the_last_frame_of_a_state_is_kept_however_old_it_is() -> None:
    log = FrameLog()
    log.add([("a@ticker", "1"), ("a@trade", "1"), ("a@kline_1m", "over"), ("a@kline_1m", "x")], 1)
    log.mark_written((1, 1))
    assert log.unwritten_states() == {}

    for n in range(2, KEPT + 10):
        log.add([("a@bookTicker", str(n)), ("a@trade", str(n))], n)
    log.mark_written((n - 1, 0))
    assert log.unwritten_states() == {"a@bookTicker": State((n, 0), str(n))}

    log.found(NONE)  # Redis was emptied
    assert log.unwritten_states() == {
        "a@ticker": State((1, 0), "1"),
        "a@kline_1m": State((1, 1), "x"),
        "a@bookTicker": State((n, 0), str(n)),
    }
