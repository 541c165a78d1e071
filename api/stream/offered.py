"""What a client of the market streams may follow: markets' streams, and its user's by listenKey."""

from collections.abc import Awaitable, Callable, Collection

from api.stream.names import StreamNames

UserStreams = Callable[[str], Awaitable[str | None]]
"""The hub's name of the user stream that this listenKey opens; None: there is no such key."""


async def no_user_streams(_: str) -> str | None:
    """Where listenKeys are not served."""
    return None


class UnknownStream(ValueError):
    """There is no stream of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown stream {name!r}; symbols are written in lower case")


class OfferedStreams:
    """Both kinds, by the name that a client gives."""

    def __init__(self, names: StreamNames, user_streams: UserStreams = no_user_streams) -> None:
        self._names = names
        self._user_streams = user_streams

    async def resolve(self, streams: Collection[str]) -> dict[str, str]:
        """As the client wrote it → the hub's name. Raises UnknownStream."""
        found = {}
        for asked in streams:
            name = self._names.resolve(asked) or await self._user_streams(asked)
            if name is None:
                raise UnknownStream(asked[:80])
            found[asked] = name
        return found
