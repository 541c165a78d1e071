"""The loop: what is published once stays published once, whenever the process dies."""

import pytest

from contracts.matching import BookBatch, OrderBatch, OrderEntry, TradeBatch, TradeEntry
from contracts.message import decode, encode
from contracts.orders import Side
from contracts.topology import ORDERBOOK_UPDATES, ORDERS_EVENTS, TRADES_EXECUTED
from matching.engine import MAX_MATCHES
from matching.errors import EntryTooLarge, LogBroken, OutputDiverged, Replaying
from matching.output import OUTPUTS, encode_batches
from matching.service import MatchingService
from matching.snapshot import SnapshotStore
from tests.support.engine_commands import add_symbol, buy, seeded_log, sell, submit
from tests.support.fake_command_log import NO_DISK, Died, FakeCommandLog, NothingLeft


def process(log: FakeCommandLog) -> MatchingService:
    """A process without a disk: it restores nothing."""
    return MatchingService(log, SnapshotStore(NO_DISK))


async def serve(log: FakeCommandLog) -> MatchingService:
    """Run a new process until it has read everything."""
    service = process(log)
    with pytest.raises(NothingLeft):
        await service.run()
    return service


async def test_every_command_has_one_order_entry_in_input_order() -> None:
    log = FakeCommandLog(seeded_log(3, 60))

    service = await serve(log)

    assert [entry.offset for entry in log.entries(ORDERS_EVENTS)] == list(range(61))
    assert service.engines[3].next_offset == 61  # the last is the engine's claim


async def test_a_trade_is_out_before_the_event_that_tells_of_it() -> None:
    log = FakeCommandLog([add_symbol(), sell(1, 100, 5), buy(2, 100, 5)])

    await serve(log)

    assert log.order[0] == TRADES_EXECUTED
    assert set(log.order[1:]) == {ORDERS_EVENTS, ORDERBOOK_UPDATES}


async def test_death_at_any_write_neither_loses_nor_repeats_an_entry() -> None:
    commands = seeded_log(4, 120)
    whole = FakeCommandLog(commands)
    await serve(whole)
    writes = sum(len(messages) for messages in whole.outputs.values()) + 1  # and the claim
    for death in range(writes):
        log = FakeCommandLog(commands)
        log.writes_left = death
        with pytest.raises(Died):
            await process(log).run()
        log.reconnect(writes_left=3)  # and once more, soon after the restart
        try:
            await process(log).run()
        except (Died, NothingLeft):
            log.reconnect()
        restarted = await serve(log)

        log.require_all_said_once(restarted.engines[3])


async def test_a_restart_with_nothing_new_publishes_its_claim_and_no_more() -> None:
    log = FakeCommandLog(seeded_log(5, 80))
    await serve(log)
    before = {topic: list(messages) for topic, messages in log.outputs.items()}

    log.reconnect()
    restarted = await serve(log)

    log.require_all_said_once(restarted.engines[3])
    (*rest, _) = log.outputs[ORDERS_EVENTS]
    assert {**log.outputs, ORDERS_EVENTS: rest} == before


@pytest.mark.parametrize("topic", list(OUTPUTS))
async def test_a_published_entry_with_another_hash_stops_the_process(topic: str) -> None:
    log = FakeCommandLog(seeded_log(6, 80))
    await serve(log)
    last = log.outputs[topic][-1]
    batch = decode(last, OUTPUTS[topic].kind)
    log.outputs[topic][-1] = last.replace(batch.entries[-1].hash.encode(), b"0123456789abcdef")

    log.reconnect()
    with pytest.raises(OutputDiverged):
        await process(log).run()


async def test_a_published_entry_that_the_log_does_not_give_stops_the_process() -> None:
    log = FakeCommandLog([add_symbol(), sell(1, 100, 5), buy(2, 100, 5)])
    await serve(log)
    log.inputs[2] = encode(buy(2, 99, 5))  # no trade any more

    log.reconnect()
    with pytest.raises(OutputDiverged):
        await process(log).run()


async def test_a_tail_with_two_versions_of_an_entry_stops_the_process() -> None:
    log = FakeCommandLog(seeded_log(7, 20))
    await serve(log)
    last = log.outputs[ORDERS_EVENTS][-1]
    entry = decode(last, OrderBatch).entries[-1]
    log.outputs[ORDERS_EVENTS].append(last.replace(entry.hash.encode(), b"0123456789abcdef"))

    log.reconnect()
    with pytest.raises(OutputDiverged):
        await process(log).run()


async def test_late_duplicates_of_a_zombie_do_not_move_the_mark_back() -> None:
    log = FakeCommandLog(seeded_log(8, 80))
    await serve(log)
    late = log.entries(ORDERS_EVENTS)[:7]
    log.outputs[ORDERS_EVENTS].append(log.outputs[ORDERS_EVENTS][0])
    before = log.entries(ORDERS_EVENTS)

    log.reconnect()
    await serve(log)

    assert before[-7:] == late
    claim = log.entries(ORDERS_EVENTS)[len(before) :]
    assert [entry.offset for entry in claim] == [81]


async def test_an_input_log_shorter_than_its_output_stops_the_process() -> None:
    log = FakeCommandLog(seeded_log(9, 40))
    await serve(log)
    del log.inputs[-1]

    log.reconnect()
    with pytest.raises(LogBroken):
        await process(log).run()


async def test_an_input_log_without_its_beginning_stops_the_process() -> None:
    log = FakeCommandLog(seeded_log(9, 40))
    log.first_offset = 1

    with pytest.raises(LogBroken):
        await process(log).run()


@pytest.mark.parametrize(
    "poison", [b"", b"\xff", b"{}", b'{"type":"SubmitOrder"}', b"[" * 100_000, b"null"]
)
async def test_a_malformed_command_is_passed_over_by_every_replay(poison: bytes) -> None:
    log = FakeCommandLog(seeded_log(10, 20))
    log.inputs.insert(11, poison)

    first = await serve(log)
    log.reconnect()
    second = await serve(log)

    offsets = [entry.offset for entry in log.entries(ORDERS_EVENTS)]
    assert offsets == [offset for offset in range(23) if offset != 11]
    assert first.engines[3].next_offset == 22
    log.require_all_said_once(second.engines[3])


async def test_it_is_not_ready_before_the_log_is_replayed() -> None:
    log = FakeCommandLog(seeded_log(11, 30))
    service = process(log)
    log.writes_left = 0
    with pytest.raises(Died):
        await service.run()

    with pytest.raises(Replaying):
        await service.ready()
    log.reconnect()
    await (await serve(log)).ready()


async def test_a_batch_too_large_for_a_message_is_split_between_entries() -> None:
    log = FakeCommandLog(seeded_log(12, 10_000))
    log.poll_size = 10_000

    await serve(log)

    assert len(log.outputs[ORDERS_EVENTS]) > 1
    assert [entry.offset for entry in log.entries(ORDERS_EVENTS)] == list(range(10_001))


def test_an_entry_too_large_for_a_message_is_an_error() -> None:
    kind = OUTPUTS[ORDERS_EVENTS].kind
    assert (kind, OUTPUTS[TRADES_EXECUTED].kind, OUTPUTS[ORDERBOOK_UPDATES].kind) == (
        OrderBatch,
        TradeBatch,
        BookBatch,
    )
    entry = OrderEntry(
        offset=0, command_id=add_symbol().command_id, at_ms=0, hash="0" * 1_000_000, events=()
    )

    with pytest.raises(EntryTooLarge):
        encode_batches(ORDERS_EVENTS, 3, [entry])


async def test_the_largest_possible_entry_fits_in_a_message() -> None:
    first_id = 2**53 - MAX_MATCHES - 2
    makers = [
        submit(first_id + i, Side.SELL, 10**6, 10**7, user_id=2**53) for i in range(MAX_MATCHES)
    ]
    taker = submit(2**53, Side.BUY, 10**6, 10**7 * MAX_MATCHES, user_id=2**53)
    log = FakeCommandLog([add_symbol(), *makers, taker])

    await serve(log)

    (last,) = log.entries(TRADES_EXECUTED)
    assert isinstance(last, TradeEntry)
    assert len(last.trades) == MAX_MATCHES
