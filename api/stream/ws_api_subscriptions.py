"""The users whose events one connection of the WebSocket API is sent."""

from collections.abc import Callable
from functools import partial
from typing import Final

from api.dependencies import Dependencies
from api.errors import ApiError, bad_request
from api.stream.connection import Connection
from api.stream.frame import Frame
from api.stream.hub import Hub, user_channel
from api.stream.rendering import Rendering, rendering
from contracts.message import encode
from identity.api_keys import Credential

ACTIVE_MAX: Final = 1_000
LIFETIME_MAX: Final = 65_535
COME_AGAIN: Final = 1012


class Subscription:
    """One user's events on one connection: a subscriber of the hub."""

    def __init__(
        self,
        number: int,
        credential: Credential,
        connection: Connection,
        way: Rendering,
        now: Callable[[], int],
    ) -> None:
        self.number: Final = number
        self.credential: Final = credential
        self.channel: Final = user_channel(credential.user_id)
        self._connection = connection
        self._now = now
        kind, write = way
        self._kind = f"{kind}:subscription-{number}"
        self._write = partial(_wrapped, number, kind, write)

    def deliver(self, frame: Frame) -> None:
        self._connection.send(frame.rendered(self._kind, self._write))

    def lose(self, _: str) -> None:
        """A gap is never shown as if it were none."""
        self.end()
        self._connection.finish(COME_AGAIN, "User events were lost: connect again")

    def end(self) -> None:
        """Tell the client that nothing follows."""
        terminated = {"e": "eventStreamTerminated", "E": self._now()}
        content = {"subscriptionId": self.number, "event": terminated}
        self._connection.send(encode(content).decode())


class Subscriptions:
    """All of one connection. `now` gives the time in the client's unit."""

    def __init__(
        self,
        connection: Connection,
        hub: Hub,
        now: Callable[[], int],
        *,
        microseconds: bool,
    ) -> None:
        self._connection = connection
        self._hub = hub
        self._now = now
        self._way = rendering("", combined=False, microseconds=microseconds)
        self._active: dict[int, Subscription] = {}
        self._begun = 0

    @property
    def numbers(self) -> list[int]:
        """The ids of those that are active."""
        return list(self._active)

    def begin(self, credential: Credential) -> int:
        """Send this user's events from here on; returns the subscription's id.

        Raises:
            ApiError: -2035 (this user's are sent already), -1191, -2042; -1000 where the client
                has left meanwhile: nobody would end what begins now.
        """
        if not self._connection.open:
            raise ApiError(500, -1000, "The connection has ended.")
        if any(s.credential.user_id == credential.user_id for s in self._active.values()):
            raise bad_request(-2035, "User Data Stream subscription already active.")
        if len(self._active) >= ACTIVE_MAX:
            raise bad_request(
                -1191,
                "Too many subscriptions."
                f" Connection may create up to '{ACTIVE_MAX}' subscriptions at a time.",
            )
        if self._begun >= LIFETIME_MAX:
            raise bad_request(-2042, "Maximum subscription ID reached for this connection.")
        number, self._begun = self._begun, self._begun + 1
        made = Subscription(number, credential, self._connection, self._way, self._now)
        self._active[number] = made
        self._hub.subscribe(made.channel, made)
        return number

    def end(self, number: int | None = None) -> None:
        """End one, or all, and tell the client. One that is not active is fine."""
        for ended in list(self._active) if number is None else [number]:
            subscription = self._active.pop(ended, None)
            if subscription is not None:
                self._hub.unsubscribe(subscription.channel, subscription)
                subscription.end()

    async def end_revoked(self, dependencies: Dependencies) -> None:
        """End those whose key is no longer good."""
        for subscription in list(self._active.values()):
            if await dependencies.api_keys.find(subscription.credential.api_key) is None:
                self.end(subscription.number)


def _wrapped(number: int, kind: str, write: Callable[[Frame], str], frame: Frame) -> str:
    return f'{{"subscriptionId":{number},"event":{frame.rendered(kind, write)}}}'
