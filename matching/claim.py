"""Which engine a partition listens to: the last one that said so in the log.

An engine claims its partitions by commands in the same log that it reads, so every engine sees
the claims in one order, and a claim's offset is its epoch. No database and no clock takes part.
Claims limit how much is published twice; that nothing has an effect twice rests on identity.
"""

from typing import Final
from uuid import UUID, uuid4, uuid5

from contracts.matching import ClaimPartition
from matching.errors import Fenced

WHOLE_PARTITION: Final = "*"
"""Stands for the symbol in commands that concern every market of a partition."""


class Claim:
    """One engine's claims. Each start of a process is another engine."""

    def __init__(self, engine_id: UUID | None = None) -> None:
        self.engine_id = str(engine_id or uuid4())
        self._epochs: dict[int, int] = {}

    def command(self, partition: int) -> ClaimPartition:
        """To be written to the partition; the same in every attempt of this engine."""
        return ClaimPartition(
            command_id=uuid5(UUID(self.engine_id), f"claim:{partition}"),
            symbol=WHOLE_PARTITION,
            engine_id=self.engine_id,
        )

    def acknowledged(self, partition: int, offset: int) -> None:
        """The log has this engine's claim at that offset."""
        self._epochs[partition] = offset

    def epoch(self, partition: int) -> int | None:
        """The offset of this engine's claim, None before it is acknowledged."""
        return self._epochs.get(partition)

    def meet(self, partition: int, offset: int, engine_id: str) -> None:
        """Take note of a claim that the log holds.

        Claims below one's own are those of predecessors, however late they are read.

        Raises:
            Fenced: another engine has claimed the partition after this one.
        """
        epoch = self._epochs.get(partition)
        if epoch is not None and offset > epoch and engine_id != self.engine_id:
            raise Fenced(
                f"engine {engine_id} claimed partition {partition} at offset {offset}, after "
                f"this engine, {self.engine_id}, at {epoch}"
            )
