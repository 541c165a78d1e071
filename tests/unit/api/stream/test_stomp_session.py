"""Conversations: who may say what when, and what a client is told that may not."""

import pytest

from api.stream.stomp_frames import StompError
from api.stream.stomp_session import (
    SUBSCRIPTIONS_MAX,
    Connect,
    Disconnect,
    Renew,
    Request,
    StompSession,
    Subscribe,
    Unsubscribe,
)

CONNECT = "CONNECT\naccept-version:1.2\nhost:x\n\n\0"
SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/x\n\n\0"


def say(*texts: str) -> list[Request]:
    session = StompSession()
    return [request for text in texts for request in session.receive(text)]


GOOD = {
    "versions": (
        ["CONNECT\naccept-version:1.0,1.1,1.2\nheart-beat:5,6\nreceipt:r\n\n\0"],
        [Connect(None, "5,6", "r")],
    ),
    "STOMP": (["STOMP\naccept-version:1.2\n\n\0"], [Connect(None, None, None)]),
    "a bearer": (
        ["CONNECT\naccept-version:1.2\nAuthorization:Bearer a.b.c\n\n\0"],
        [Connect("a.b.c", None, None)],
    ),
    "a bearer in small letters": (
        ["CONNECT\naccept-version:1.2\nauthorization:bearer a.b.c\n\n\0"],
        [Connect("a.b.c", None, None)],
    ),
    "a token": (
        ["CONNECT\naccept-version:1.2\ntoken:a.b.c\n\n\0"],
        [Connect("a.b.c", None, None)],
    ),
    "an empty token is none": (
        ["CONNECT\naccept-version:1.2\ntoken:\n\n\0"],
        [Connect(None, None, None)],
    ),
    "subscribe and back": (
        [
            CONNECT,
            "SUBSCRIBE\nid:0\ndestination:/topic/x\nack:auto\nreceipt:1\n\n\0",
            "\n",
            "UNSUBSCRIBE\nid:0\n\n\0",
            SUBSCRIBE,
        ],
        [
            Connect(None, None, None),
            Subscribe("0", "/topic/x", "1"),
            Unsubscribe("0", None),
            Subscribe("0", "/topic/x", None),
        ],
    ),
    "a newer token": (
        [CONNECT, "SEND\ndestination:/user/token\nAuthorization:Bearer a.b.c\nreceipt:1\n\n\0"],
        [Connect(None, None, None), Renew("a.b.c", "1")],
    ),
    "nothing after DISCONNECT": (
        [CONNECT, "DISCONNECT\nreceipt:bye\n\n\0" + SUBSCRIBE, SUBSCRIBE, "rubbish\0"],
        [Connect(None, None, None), Disconnect("bye")],
    ),
}


@pytest.mark.parametrize(("texts", "requests"), GOOD.values(), ids=GOOD)
def test_requests(texts: list[str], requests: list[Request]) -> None:
    assert say(*texts) == requests


BAD = {
    "a renewal without a token": (
        [CONNECT, "SEND\ndestination:/user/token\n\n\0"],
        "SEND to /user/token without a token",
    ),
    "a renewal first": (
        ["SEND\ndestination:/user/token\nAuthorization:Bearer a.b.c\n\n\0"],
        "Not connected",
    ),
    "subscribe first": ([SUBSCRIBE], "Not connected"),
    "connect twice": ([CONNECT, CONNECT], "Already connected"),
    "old version": (["CONNECT\naccept-version:1.0,1.1\n\n\0"], "Unsupported protocol version"),
    "no version": (["CONNECT\n\n\0"], "Unsupported protocol version"),
    "no bearer": (
        ["CONNECT\naccept-version:1.2\nAuthorization:Basic eA==\n\n\0"],
        "Malformed Authorization",
    ),
    "no id": ([CONNECT, "SUBSCRIBE\ndestination:/topic/x\n\n\0"], "SUBSCRIBE without id"),
    "no destination": ([CONNECT, "SUBSCRIBE\nid:0\n\n\0"], "SUBSCRIBE without destination"),
    "an id too long": (
        [CONNECT, f"SUBSCRIBE\nid:{'x' * 129}\ndestination:/topic/x\n\n\0"],
        "Subscription id too long",
    ),
    "an id twice": ([CONNECT, SUBSCRIBE, SUBSCRIBE], "Subscription id '0' is in use"),
    "ack client": (
        [CONNECT, "SUBSCRIBE\nid:0\ndestination:/topic/x\nack:client\n\n\0"],
        "Unsupported ack mode",
    ),
    "ack client-individual": (
        [CONNECT, "SUBSCRIBE\nid:0\ndestination:/topic/x\nack:client-individual\n\n\0"],
        "Unsupported ack mode",
    ),
    "too many": (
        [
            CONNECT,
            *(
                f"SUBSCRIBE\nid:{i}\ndestination:/topic/x\n\n\0"
                for i in range(SUBSCRIPTIONS_MAX + 1)
            ),
        ],
        "Too many subscriptions",
    ),
    "unsubscribe without id": ([CONNECT, "UNSUBSCRIBE\n\n\0"], "UNSUBSCRIBE without id"),
    "unsubscribe nothing": (
        [CONNECT, "UNSUBSCRIBE\nid:0\n\n\0"],
        "Unknown subscription id '0'",
    ),
    **{
        command: (
            [CONNECT, f"{command}\ndestination:/topic/x\n\n\0"],
            f"{command} is not supported",
        )
        for command in ("SEND", "ACK", "NACK", "BEGIN", "COMMIT", "ABORT")
    },
}


@pytest.mark.parametrize(("texts", "message"), BAD.values(), ids=BAD)
def test_refusals(texts: list[str], message: str) -> None:
    with pytest.raises(StompError) as refusal:
        say(*texts)
    assert refusal.value.message == message
    assert refusal.value.advice


@pytest.mark.parametrize(
    "frame",
    ["SEND\ndestination:/topic/x", "SUBSCRIBE\nid:1", "UNSUBSCRIBE\nid:1", "ACK", "CONNECT"],
)
def test_a_refusal_names_the_receipt_that_was_asked_for(frame: str) -> None:
    with pytest.raises(StompError) as refusal:
        say(CONNECT, f"{frame}\nreceipt:77\n\n\0")
    assert refusal.value.receipt == "77"
