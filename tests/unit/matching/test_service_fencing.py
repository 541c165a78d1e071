"""Which engine serves: the one whose claim comes last in the log."""

from pathlib import Path
from uuid import UUID

import pytest

from contracts.matching import ClaimPartition, EngineCommand, PartitionClaimed
from contracts.message import decode, encode
from contracts.topology import ORDERS_EVENTS
from matching.claim import Claim
from matching.errors import Fenced, OutputDiverged
from matching.output import encode_batches
from matching.service import MatchingService
from matching.snapshot import SnapshotStore
from tests.support.engine_commands import buy, seeded_log
from tests.support.fake_command_log import NO_DISK, Died, FakeCommandLog, NothingLeft
from tests.support.matching_process import without_repetitions

PARTITION = 3


def process(log: FakeCommandLog, number: int, directory: Path | None = None) -> MatchingService:
    store = SnapshotStore(directory or NO_DISK)
    return MatchingService(log, store, claim=Claim(UUID(int=number)))


async def serve(service: MatchingService, end: type[BaseException] = NothingLeft) -> None:
    with pytest.raises(end):
        await service.run()


def foreign_claim(number: int) -> bytes:
    command = ClaimPartition(
        command_id=UUID(int=number), symbol="*", engine_id=str(UUID(int=number))
    )
    return encode(command)


def claims(log: FakeCommandLog) -> list[str]:
    commands: list[EngineCommand] = [decode(value, EngineCommand) for value in log.inputs]
    return [c.engine_id for c in commands if isinstance(c, ClaimPartition)]


async def test_an_engine_claims_its_partition_once_it_has_caught_up() -> None:
    log = FakeCommandLog(seeded_log(70, 40))

    await serve(process(log, 1))

    assert claims(log) == [str(UUID(int=1))]
    (event,) = log.entries(ORDERS_EVENTS)[-1].events
    assert event == PartitionClaimed(symbol="*", engine_id=str(UUID(int=1)), epoch=40)


async def test_it_steps_down_when_another_engine_claims_after_it_and_says_nothing_more() -> None:
    log = FakeCommandLog(seeded_log(71, 40))
    log.arriving = [encode(buy(1_000, 99, 1)), foreign_claim(2), encode(buy(1_001, 99, 1))]
    service = process(log, 1)

    with pytest.raises(Fenced, match=str(UUID(int=2))):
        await service.run()

    assert max(entry.offset for entry in log.entries(ORDERS_EVENTS)) == 40  # its own claim


async def test_claims_of_predecessors_concern_nobody() -> None:
    log = FakeCommandLog(seeded_log(72, 40))
    for number in (1, 2, 3):
        log.reconnect()
        await serve(process(log, number))

    log.reconnect()
    service = process(log, 4)
    await serve(service)

    assert claims(log) == [str(UUID(int=n)) for n in (1, 2, 3, 4)]
    log.require_all_said_once(service.engines[PARTITION])


async def test_a_claim_below_ones_own_that_is_read_after_it_was_written_is_a_predecessors() -> None:
    log = FakeCommandLog(seeded_log(73, 40))
    log.before_append = [foreign_claim(2)]  # gets in just before this engine's own claim
    service = process(log, 1)

    await serve(service)

    assert claims(log) == [str(UUID(int=2)), str(UUID(int=1))]
    log.require_all_said_once(service.engines[PARTITION])


async def test_of_two_claims_that_cross_the_later_one_serves() -> None:
    log = FakeCommandLog(seeded_log(74, 40))
    log.before_append = [foreign_claim(2)]
    log.arriving = [foreign_claim(3)]

    with pytest.raises(Fenced, match=str(UUID(int=3))):
        await process(log, 1).run()


async def test_an_engine_that_must_refuse_to_serve_never_claims() -> None:
    log = FakeCommandLog(seeded_log(75, 40))
    await serve(process(log, 1))
    last = log.entries(ORDERS_EVENTS)[-2]
    position = log.outputs[ORDERS_EVENTS][-2:]
    for place, message in enumerate(position, start=len(log.outputs[ORDERS_EVENTS]) - 2):
        log.outputs[ORDERS_EVENTS][place] = message.replace(last.hash.encode(), b"0" * 16)

    log.reconnect()
    with pytest.raises(OutputDiverged):
        await process(log, 2).run()

    assert claims(log) == [str(UUID(int=1))]


async def test_an_engine_that_has_to_finish_what_its_predecessor_left_claims_before_it_speaks() -> (
    None
):
    log = FakeCommandLog(seeded_log(76, 40))
    log.writes_left = 3
    with pytest.raises(Died):
        await process(log, 1).run()
    said = len(log.order)

    log.reconnect(writes_left=1)  # its claim, and not a message more
    with pytest.raises(Died):
        await process(log, 2).run()

    assert claims(log) == [str(UUID(int=1)), str(UUID(int=2))]
    assert len(log.order) == said


async def test_a_fenced_engine_leaves_no_snapshot_of_what_it_did_not_publish(
    tmp_path: Path,
) -> None:
    log = FakeCommandLog(seeded_log(77, 40))
    log.poll_size = 100
    log.arriving = [encode(buy(1_000, 99, 1)), foreign_claim(2)]

    with pytest.raises(Fenced):
        await process(log, 1, tmp_path).run()

    assert SnapshotStore(tmp_path).paths(PARTITION) == []


class BusyLog(FakeCommandLog):
    """Another engine serves: whenever this one has looked, there is more of everything."""

    def __init__(self) -> None:
        super().__init__(seeded_log(79, 40))
        self._arrivals = iter(seeded_log(80, 40))

    async def bounds(self) -> dict[int, tuple[int, int]]:
        found = await super().bounds()
        self._go_on()
        return found

    async def tails(self) -> dict[str, dict[int, list[bytes]]]:
        found = await super().tails()
        self._go_on()
        return found

    def _go_on(self) -> None:
        self.inputs += [encode(next(self._arrivals)) for _ in range(5)]
        _, said = self.expected()
        for topic, entries in said.items():
            new = entries[len(self.entries(topic)) :]
            self.outputs[topic] += encode_batches(topic, PARTITION, new) if new else []


async def test_an_engine_may_start_while_another_one_serves() -> None:
    log = BusyLog()
    service = process(log, 1)

    await serve(service)

    _, expected = log.expected()
    assert without_repetitions(log.entries(ORDERS_EVENTS)) == expected[ORDERS_EVENTS]


async def test_a_malformed_claim_fences_nobody() -> None:
    log = FakeCommandLog(seeded_log(78, 40))
    log.arriving = [foreign_claim(2).replace(b"engine_id", b"engine_no")]
    service = process(log, 1)

    await serve(service)

    log.require_all_said_once(service.engines[PARTITION])
