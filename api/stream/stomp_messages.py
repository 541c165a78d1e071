"""The frames that the exchange sends: CONNECTED, MESSAGE, RECEIPT, ERROR."""

import itertools
from typing import Final

from api.stream.stomp_frames import StompError, escaped, frame_text
from api.stream.stomp_heartbeats import OFFER
from api.stream.stomp_session import VERSION

SERVER: Final = "TradeFlow"
HEART_BEAT: Final = "\n"
_ids = itertools.count(1)


def connected(merge_ms: int = 0) -> str:
    """The session stands; `merge_ms` as it was agreed, 0 where nobody asked."""
    headers = {"version": VERSION, "heart-beat": OFFER, "server": SERVER}
    return frame_text("CONNECTED", headers | ({"merge": str(merge_ms)} if merge_ms else {}))


def receipt(receipt_id: str) -> str:
    """What the client asked to have acknowledged has been done."""
    return frame_text("RECEIPT", {"receipt-id": receipt_id})


def error(reason: StompError) -> str:
    """Why the socket closes now, and in the body what to do."""
    headers = {"message": reason.message, "version": VERSION, "content-type": "text/plain"}
    if reason.receipt is not None:
        headers["receipt-id"] = reason.receipt
    body = f"{reason.message}. {reason.advice}"
    return frame_text("ERROR", headers | {"content-length": str(len(body.encode()))}, body)


def message(payload: str, subscription: str, destination: str, *, is_snapshot: bool = False) -> str:
    """One event, `payload` being the JSON text of Binance's bare event.

    The text holds nothing of the connection, so that one serves all who subscribed alike.
    """
    kind = "type:snapshot\n" if is_snapshot else ""
    octets = len(payload) if payload.isascii() else len(payload.encode())
    return (
        f"MESSAGE\nsubscription:{escaped(subscription)}\nmessage-id:{next(_ids)}\n"
        f"destination:{destination}\n{kind}"
        f"content-type:application/json\ncontent-length:{octets}\n\n{payload}\0"
    )
