"""The codec: what is written comes back the same, and nothing else comes in."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.amounts import Amount, from_e8
from contracts.message import MAX_MESSAGE_BYTES, MalformedMessage, decode, encode
from contracts.wallet import FundsReserved, ReserveFunds, WalletCommand

COMMAND = ReserveFunds(
    command_id=UUID(int=1),
    order_id=2,
    user_id=3,
    currency="USDT",
    amount=Amount("0.00000001"),
    correlation_id="c",
)


def changed(**fields: Any) -> bytes:
    """The command's JSON with other fields."""
    return msgspec.json.encode(msgspec.json.decode(encode(COMMAND)) | fields)


def without(field: str) -> bytes:
    """The command's JSON without one field."""
    values = msgspec.json.decode(encode(COMMAND))
    del values[field]
    return msgspec.json.encode(values)


@given(
    amount=st.integers(0, 10**20 - 1).map(from_e8),
    order_id=st.integers(0, 2**53 - 1),
    correlation_id=st.text(max_size=40),
)
def test_message_comes_back_as_it_was(amount: Amount, order_id: int, correlation_id: str) -> None:
    command = msgspec.structs.replace(
        COMMAND, amount=amount, order_id=order_id, correlation_id=correlation_id
    )

    assert decode(encode(command), WalletCommand) == command


def test_amounts_travel_as_text_with_eight_decimals() -> None:
    assert b'"amount":"0.00000001"' in encode(COMMAND)


def test_type_and_version_are_written() -> None:
    written = msgspec.json.decode(encode(COMMAND))

    assert (written["type"], written["schema_version"]) == ("ReserveFunds", 1)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(changed(surprise=1), id="unknown field"),
        pytest.param(changed(schema_version=2), id="another version"),
        pytest.param(changed(schema_version="1"), id="version as text"),
        pytest.param(changed(type="FundsReserved"), id="another type"),
        pytest.param(changed(type="Nonsense"), id="no type of ours"),
        pytest.param(without("type"), id="no type"),
        pytest.param(without("amount"), id="missing field"),
        pytest.param(changed(amount=1), id="amount as integer"),
        pytest.param(changed(amount=0.5), id="amount as float"),
        pytest.param(changed(amount="1E-8"), id="amount with exponent"),
        pytest.param(changed(amount="NaN"), id="amount not a number"),
        pytest.param(changed(order_id="2"), id="number as text"),
        pytest.param(changed(order_id=True), id="number as truth"),
        pytest.param(changed(command_id="1"), id="no uuid"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b'{"type":"ReserveFunds"', id="cut off"),
        pytest.param(encode(COMMAND) + b"{}", id="two messages"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b"null", id="null"),
    ],
)
def test_what_is_no_such_message_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        decode(data, WalletCommand)


def test_reply_is_not_taken_for_a_command() -> None:
    reply = FundsReserved(command_id=UUID(int=1), order_id=2, currency="USDT", amount=Amount("1"))

    with pytest.raises(MalformedMessage):
        decode(encode(reply), WalletCommand)


def test_size_is_bounded_before_anything_is_read() -> None:
    padding = b" " * (MAX_MESSAGE_BYTES - len(encode(COMMAND)))

    assert decode(encode(COMMAND) + padding, WalletCommand) == COMMAND
    with pytest.raises(MalformedMessage):
        decode(encode(COMMAND) + padding + b" ", WalletCommand)


def test_messages_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        COMMAND.order_id = 9  # type: ignore[misc]
