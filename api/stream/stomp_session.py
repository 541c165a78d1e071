"""One client's STOMP 1.2 conversation: what it may say when. Pure, no input or output.

Source: stomp.github.io/stomp-specification-1.2.html.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from api.stream.stomp_frames import ClientFrame, FrameReader, StompError

VERSION: Final = "1.2"
SUBSCRIPTIONS_MAX: Final = 64
ID_CHARACTERS_MAX: Final = 128
RENEW_DESTINATION: Final = "/user/token"
_BEARER: Final = "bearer "
_NOT_FOR_CLIENTS: Final = {
    "SEND": "Orders are placed over HTTP at /api/v3/order; topics are written by the exchange."
    f" Only a newer token is sent, to {RENEW_DESTINATION}.",
    "ACK": "Subscriptions are ack:auto, nothing is acknowledged.",
    "NACK": "Subscriptions are ack:auto, nothing is acknowledged.",
    "BEGIN": "There is nothing that a client could send in a transaction.",
    "COMMIT": "There is nothing that a client could send in a transaction.",
    "ABORT": "There is nothing that a client could send in a transaction.",
}


class Connect(msgspec.Struct, frozen=True):
    """Open the session, as the token's user where there is one."""

    token: str | None
    heart_beat: str | None
    receipt: str | None
    merge: str | None = None


class Subscribe(msgspec.Struct, frozen=True):
    """Begin to send a destination's messages under an id that is not in use."""

    id: str
    destination: str
    receipt: str | None


class Unsubscribe(msgspec.Struct, frozen=True):
    """Stop what was begun under this id."""

    id: str
    receipt: str | None


class Renew(msgspec.Struct, frozen=True):
    """Go on as the same user with a newer token."""

    token: str
    receipt: str | None


class Disconnect(msgspec.Struct, frozen=True):
    """Finish: nothing more will be read."""

    receipt: str | None


Request = Connect | Subscribe | Unsubscribe | Renew | Disconnect


class StompSession:
    """Reads requests and refuses what does not belong in the conversation.

    A request counts as granted when the next one is taken; who cannot grant it raises
    StompError itself and ends the session.
    """

    def __init__(self) -> None:
        self._reader = FrameReader()
        self._connected = False
        self._finished = False
        self._subscriptions: set[str] = set()

    @property
    def is_connected(self) -> bool:
        """Whether CONNECT has come."""
        return self._connected

    def receive(self, text: str) -> Iterator[Request]:
        """The requests that this text completes, in order; none for heart-beats.

        Raises:
            StompError: what the client must be told before its socket closes.
        """
        if self._finished:
            return
        for frame in self._reader.feed(text):
            request = self._request(frame)
            yield request
            if isinstance(request, Disconnect):
                return

    def _request(self, frame: ClientFrame) -> Request:
        if frame.command in {"CONNECT", "STOMP"}:
            return self._connect(frame)
        if not self._connected:
            raise StompError("Not connected", "The first frame must be CONNECT.", frame.receipt)
        match frame.command:
            case "SUBSCRIBE":
                return self._subscribe(frame)
            case "UNSUBSCRIBE":
                return self._unsubscribe(frame)
            case "SEND" if frame.headers.get("destination") == RENEW_DESTINATION:
                return _renewal(frame)
            case "DISCONNECT":
                self._finished = True
                return Disconnect(frame.receipt)
            case _:
                raise _refused(frame)

    def _connect(self, frame: ClientFrame) -> Connect:
        if self._connected:
            raise StompError(
                "Already connected", "CONNECT is sent once; open another socket.", frame.receipt
            )
        versions = frame.headers.get("accept-version", "1.0").split(",")
        if VERSION not in (version.strip() for version in versions):
            raise StompError(
                "Unsupported protocol version", "Supported versions: 1.2.", frame.receipt
            )
        token = _token(frame)
        self._connected = True
        return Connect(
            token, frame.headers.get("heart-beat"), frame.receipt, frame.headers.get("merge")
        )

    def _subscribe(self, frame: ClientFrame) -> Subscribe:
        subscription, destination = _required(frame, "id"), _required(frame, "destination")
        if len(subscription) > ID_CHARACTERS_MAX:
            raise StompError(
                "Subscription id too long",
                f"It may have {ID_CHARACTERS_MAX} characters.",
                frame.receipt,
            )
        if frame.headers.get("ack", "auto") != "auto":
            raise StompError(
                "Unsupported ack mode",
                "Use ack:auto: market data are not sent again.",
                frame.receipt,
            )
        if subscription in self._subscriptions:
            raise StompError(
                f"Subscription id {subscription!r} is in use",
                "UNSUBSCRIBE it first, or choose another id.",
                frame.receipt,
            )
        if len(self._subscriptions) >= SUBSCRIPTIONS_MAX:
            raise StompError(
                "Too many subscriptions",
                f"One connection may have {SUBSCRIPTIONS_MAX}; UNSUBSCRIBE some.",
                frame.receipt,
            )
        self._subscriptions.add(subscription)
        return Subscribe(subscription, destination, frame.receipt)

    def _unsubscribe(self, frame: ClientFrame) -> Unsubscribe:
        subscription = _required(frame, "id")
        if subscription not in self._subscriptions:
            raise StompError(
                f"Unknown subscription id {subscription[:32]!r}",
                "Send the id of a SUBSCRIBE on this connection.",
                frame.receipt,
            )
        self._subscriptions.remove(subscription)
        return Unsubscribe(subscription, frame.receipt)


def _renewal(frame: ClientFrame) -> Renew:
    token = _token(frame)
    if token is None:
        raise StompError(
            f"SEND to {RENEW_DESTINATION} without a token",
            "Write Authorization:Bearer and the token.",
            frame.receipt,
        )
    return Renew(token, frame.receipt)


def _refused(frame: ClientFrame) -> StompError:
    return StompError(
        f"{frame.command} is not supported", _NOT_FOR_CLIENTS[frame.command], frame.receipt
    )


def _required(frame: ClientFrame, name: str) -> str:
    value = frame.headers.get(name)
    if not value:
        raise StompError(
            f"{frame.command} without {name}", f"The header {name} is required.", frame.receipt
        )
    return value


def _token(frame: ClientFrame) -> str | None:
    """The access token of `Authorization: Bearer …`, or of `token`."""
    authorization = frame.headers.get("Authorization", frame.headers.get("authorization"))
    if authorization is None:
        return frame.headers.get("token") or None
    if not authorization.lower().startswith(_BEARER):
        raise StompError(
            "Malformed Authorization", "Write Authorization:Bearer and the token.", frame.receipt
        )
    return authorization[len(_BEARER) :].strip()
