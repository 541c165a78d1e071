"""Who wants which stream: what is published reaches all subscribers of its name, in order.

Market streams go by Binance's names (contracts.streams), a user's events by `user_channel`. The
hub belongs to one event loop and never waits.
"""

from collections.abc import Callable, Collection
from typing import Final, Protocol

import structlog

from api.stream.frame import Frame

__all__ = ["Frame", "Hub", "Subscriber", "is_user_channel", "user_channel"]

log = structlog.get_logger()


class Subscriber(Protocol):
    """What takes frames. Neither method may block or raise."""

    def deliver(self, frame: Frame) -> None:
        """Take the next frame of a stream it subscribed to."""
        ...

    def lose(self, name: str) -> None:
        """Frames of this stream were lost: tell the client so, best by code 1012 (restart)."""
        ...


class Hub:
    """Subscribers by the name of a stream. A stream exists while somebody wants it.

    Of a stream that tells a state, whoever comes later is given the last one at once. A candle
    that is over is none: it was told, and the next one forms.
    """

    def __init__(self) -> None:
        self._states: dict[str, Frame] = {}
        self._subscribers: dict[str, dict[Subscriber, None]] = {}
        self._watchers: list[Callable[[str], None]] = []

    def subscribe(self, name: str, subscriber: Subscriber) -> None:
        """From here on deliver this stream's frames. The same again changes nothing."""
        wanted = self._subscribers.get(name)
        if wanted is not None:
            if subscriber not in wanted:
                wanted[subscriber] = None
                if (state := self._states.get(name)) is not None:
                    subscriber.deliver(state)
            return
        self._subscribers[name] = {subscriber: None}
        for watch in self._watchers:
            watch(name)

    def unsubscribe(self, name: str, subscriber: Subscriber) -> None:
        """Deliver no more; a name that was not subscribed is fine."""
        wanted = self._subscribers.get(name)
        if wanted is not None:
            wanted.pop(subscriber, None)
            if not wanted:
                del self._subscribers[name]
                self._states.pop(name, None)

    def publish(self, name: str, payload: str) -> None:
        """Hand an event, the JSON text of Binance's raw payload, to all who want it."""
        wanted = self._subscribers.get(name)
        if wanted is None:
            return
        frame = Frame(name, payload)
        if frame.fact:
            self._states.pop(name, None)
        else:
            self._states[name] = frame
        for subscriber in tuple(wanted):  # one that is full leaves meanwhile
            try:
                subscriber.deliver(frame)
            except Exception:  # one client's defect is not the others'
                log.exception("hub.delivery_failed", stream=name)

    def lose(self, name: str) -> int:
        """Tell all who want this stream that frames of it are missing; says how many they are."""
        subscribers = tuple(self._subscribers.get(name, ()))
        for subscriber in subscribers:
            subscriber.lose(name)
        return len(subscribers)

    def has_state(self, name: str) -> bool:
        """Whether the next subscriber of this stream is given a state at once."""
        return name in self._states

    def forget_state(self, name: str) -> None:
        """What was told last of this stream may no longer hold."""
        self._states.pop(name, None)

    def wanted(self, name: str) -> bool:
        """Whether anybody subscribed to it."""
        return name in self._subscribers

    def names(self) -> Collection[str]:
        """Every stream that somebody wants."""
        return self._subscribers.keys()

    def on_wanted(self, watch: Callable[[str], None]) -> None:
        """Call `watch` with the name of each stream that gets its first subscriber."""
        self._watchers.append(watch)


_USER: Final = "user:"


def user_channel(user_id: int) -> str:
    """The hub's name for what one user's own sockets are told."""
    return f"{_USER}{user_id}"


def is_user_channel(name: str) -> bool:
    """Whether it is one user's own."""
    return name.startswith(_USER)
