"""A `CommandLog` in memory: remembers what was published, and can die at a chosen moment."""

import asyncio
from pathlib import Path
from typing import Final

from contracts.matching import EngineCommand
from contracts.message import MalformedMessage, decode, encode
from matching.engine import Engine
from matching.output import OUTPUTS, Entry
from matching.partition import Record
from matching.state import state_hash

NO_DISK: Final = Path("/dev/null/nowhere")
"""A directory that nobody can make or write to."""


class Died(Exception):
    """The process was killed here."""


class NothingLeft(Exception):
    """The service has read everything."""


class FakeCommandLog:
    """One partition. `writes_left` counts the messages that still get through.

    The record at an offset was appended at as many milliseconds.
    """

    def __init__(self, commands: list[EngineCommand], partition: int = 3) -> None:
        self.partition = partition
        self.inputs = [encode(command) for command in commands]
        self.outputs: dict[str, list[bytes]] = {topic: [] for topic in OUTPUTS}
        self.order: list[str] = []
        self.first_offset = 0
        self.began_at: int | None = None
        self.poll_size = 7
        self.at_end: type[BaseException] = NothingLeft
        self.tail_messages = 4
        self.writes_left: int | None = None
        self.idle_polls = 0  # so many come back empty before the end
        self.arriving: list[bytes] = []  # what others write while the engine waits
        self.before_append: list[bytes] = []  # what gets in just before a command of the engine's
        self.publishing: asyncio.Event | None = None  # set when a write begins that never ends,
        self.writes_before_it = 0  # after so many that do
        self._position = 0

    def reconnect(self, *, writes_left: int | None = None) -> None:
        """A new process comes."""
        self.began_at = None
        self.writes_left = writes_left

    async def bounds(self) -> dict[int, tuple[int, int]]:
        return {self.partition: (self.first_offset, len(self.inputs))}

    async def tails(self) -> dict[str, dict[int, list[bytes]]]:
        return {
            topic: {self.partition: messages[-self.tail_messages :]}
            for topic, messages in self.outputs.items()
        }

    async def begin(self, positions: dict[int, int]) -> None:
        (self._position,) = positions.values()
        self.began_at = self._position
        if self._position < self.first_offset:
            raise AssertionError(f"offset {self._position} is gone")

    async def poll(self) -> dict[int, list[Record]]:
        first = self._position
        if first == len(self.inputs):
            self.inputs += self.arriving[: self.poll_size]
            del self.arriving[: self.poll_size]
        values = self.inputs[first : first + self.poll_size]
        await asyncio.sleep(0)
        if not values and self.idle_polls:
            self.idle_polls -= 1
            return {}
        if not values:
            raise self.at_end
        self._position += len(values)
        return {self.partition: [Record(first + i, first + i, v) for i, v in enumerate(values)]}

    async def publish(self, messages: list[tuple[str, int, bytes]]) -> None:
        if self.publishing is not None and len(self.order) >= self.writes_before_it:
            self.publishing.set()
            await asyncio.Event().wait()
        for topic, partition, message in messages:
            self._write()
            if partition != self.partition:
                raise AssertionError(f"partition {partition}")
            self.outputs[topic].append(message)
            self.order.append(topic)

    async def append(self, partition: int, message: bytes) -> int:
        self._write()
        self.inputs += self.before_append
        self.before_append = []
        self.inputs.append(message)
        return len(self.inputs) - 1

    def _write(self) -> None:
        if self.writes_left == 0:
            raise Died
        if self.writes_left is not None:
            self.writes_left -= 1

    def entries(self, topic: str) -> list[Entry]:
        """All entries on the topic, repetitions too, in the order in which they were written."""
        return [e for m in self.outputs[topic] for e in decode(m, OUTPUTS[topic].kind).entries]

    def expected(self) -> tuple[Engine, dict[str, list[Entry]]]:
        """What one engine that is never interrupted makes of the log as it stands."""
        engine = Engine()
        entries: dict[str, list[Entry]] = {topic: [] for topic in OUTPUTS}
        for offset, value in enumerate(self.inputs):
            try:
                command: EngineCommand = decode(value, EngineCommand)
            except MalformedMessage:
                engine.skip(offset)
                continue
            outcome = engine.apply(command, offset, offset)
            for topic, output in OUTPUTS.items():
                entry = output.entry(outcome)
                if entry is not None:
                    entries[topic].append(entry)
        return engine, entries

    def require_all_said_once(self, engine: Engine) -> None:
        """The topics hold exactly what the log gives, and the engine knows what it must."""
        expected, entries = self.expected()
        for topic in OUTPUTS:
            assert self.entries(topic) == entries[topic]
        assert state_hash(engine) == state_hash(expected)
