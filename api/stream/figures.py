"""What this gateway's sockets have done: counters, and who is connected."""

import asyncio
from collections.abc import Collection
from typing import Protocol


class Leaver(Protocol):
    """An open connection, as far as a gateway that stops needs to know it."""

    def go_away(self, code: int, reason: str) -> None:
        """Say farewell and close."""
        ...


class StreamFigures:
    """Counts since the process began. `sent` counts text frames, `conflated` those that a newer
    one replaced in the queue of a slow client, `aborted` clients that were dropped for not
    reading, `lost` those told to come again because frames were missing."""

    def __init__(self) -> None:
        self._connected: set[Leaver] = set()
        self._nobody = asyncio.Event()
        self.admitted = 0  # places that are taken, by those who shake hands too
        self.sent = 0
        self.conflated = 0
        self.aborted = 0
        self.lost = 0

    def as_json(self) -> dict[str, int]:
        """The figures by name."""
        return {
            "connections": len(self._connected),
            "sent": self.sent,
            "conflated": self.conflated,
            "aborted": self.aborted,
            "lost": self.lost,
        }

    def enter(self, connection: Leaver) -> None:
        """It is connected."""
        self._connected.add(connection)
        self._nobody.clear()

    def leave(self, connection: Leaver) -> None:
        """It is gone."""
        self._connected.discard(connection)
        if not self._connected:
            self._nobody.set()

    def connected(self) -> Collection[Leaver]:
        """Who is connected now."""
        return tuple(self._connected)

    async def all_gone(self) -> None:
        """Wait until nobody is connected."""
        if self._connected:
            await self._nobody.wait()
