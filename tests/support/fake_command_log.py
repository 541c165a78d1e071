"""A `CommandLog` in memory: remembers what was published, and can die at a chosen moment."""

from contracts.matching import EngineCommand
from contracts.message import decode, encode
from matching.output import OUTPUTS, Entry
from matching.partition import Record


class Died(Exception):
    """The process was killed here."""


class NothingLeft(Exception):
    """The service has read everything."""


class FakeCommandLog:
    """One partition. `writes_left` counts the messages that still get through."""

    def __init__(self, commands: list[EngineCommand], partition: int = 3) -> None:
        self.partition = partition
        self.inputs = [encode(command) for command in commands]
        self.outputs: dict[str, list[bytes]] = {topic: [] for topic in OUTPUTS}
        self.order: list[str] = []
        self.first_offset = 0
        self.poll_size = 7
        self.tail_messages = 4
        self.writes_left: int | None = None
        self._position = 0

    def reconnect(self, *, writes_left: int | None = None) -> None:
        """A new process reads from the beginning."""
        self._position = 0
        self.writes_left = writes_left

    async def bounds(self) -> dict[int, tuple[int, int]]:
        return {self.partition: (self.first_offset, len(self.inputs))}

    async def tails(self) -> dict[str, dict[int, list[bytes]]]:
        return {
            topic: {self.partition: messages[-self.tail_messages :]}
            for topic, messages in self.outputs.items()
        }

    async def poll(self) -> dict[int, list[Record]]:
        first = self._position
        values = self.inputs[first : first + self.poll_size]
        if not values:
            raise NothingLeft
        self._position += len(values)
        return {self.partition: [Record(first + i, first + i, v) for i, v in enumerate(values)]}

    async def publish(self, messages: list[tuple[str, int, bytes]]) -> None:
        for topic, partition, message in messages:
            if self.writes_left == 0:
                raise Died
            if self.writes_left is not None:
                self.writes_left -= 1
            if partition != self.partition:
                raise AssertionError(f"partition {partition}")
            self.outputs[topic].append(message)
            self.order.append(topic)

    def entries(self, topic: str) -> list[Entry]:
        """All entries on the topic, repetitions too, in the order in which they were written."""
        return [e for m in self.outputs[topic] for e in decode(m, OUTPUTS[topic].kind).entries]
