"""The exported documents are what the code says today."""

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from jsonschema import Draft202012Validator

from api import export as gateway
from contracts import export, topology
from contracts.amounts import Amount
from contracts.message import Message, encode
from contracts.wallet import ReserveFunds

COMMAND = ReserveFunds(
    command_id=UUID(int=1),
    order_id=2,
    user_id=3,
    currency="USDT",
    amount=Amount("1"),
    correlation_id="c",
)


@pytest.mark.parametrize("place", export.PLACES)
def test_exported_schema_is_current(place: str) -> None:
    file = export.DIRECTORY / f"{place}.json"

    assert file.read_text() == export.text(export.schema(place)), "run `make contracts`"


def test_no_schema_is_left_of_a_place_that_is_no_more() -> None:
    assert {f.stem for f in export.DIRECTORY.glob("*.json")} == set(export.PLACES)


def test_exported_openapi_is_current() -> None:
    assert gateway.FILE.read_text() == export.text(gateway.openapi()), "run api.export"


def test_every_topic_and_every_command_queue_has_a_schema() -> None:
    queues = {topology.WALLET_QUEUE, topology.ORDER_FINALIZE}

    assert set(topology.TOPICS) | queues <= set(export.PLACES)


def test_every_message_stands_in_a_schema() -> None:
    described = {name for place in export.PLACES for name in export.schema(place)["$defs"]}

    assert {kind.__name__ for kind in _messages(Message)} <= described


@pytest.mark.parametrize("place", export.PLACES)
def test_schema_is_a_schema(place: str) -> None:
    Draft202012Validator.check_schema(export.schema(place))


def test_message_fits_its_schema_and_a_changed_one_does_not() -> None:
    wallet = Draft202012Validator(export.schema(topology.WALLET_QUEUE))
    written: dict[str, Any] = msgspec.json.decode(encode(COMMAND))

    assert wallet.is_valid(written)
    assert not wallet.is_valid(written | {"surprise": 1})
    assert not wallet.is_valid(written | {"schema_version": 2})
    assert not wallet.is_valid(written | {"amount": "1E-8"})


def test_export_removes_what_is_no_more(tmp_path: Path) -> None:
    (tmp_path / "orders.ancient.json").write_text("{}")

    written = export.export(tmp_path)

    assert set(tmp_path.glob("*.json")) == set(written)


def _messages(kind: type[Message]) -> set[type[Message]]:
    """Every concrete message type that contracts define."""
    below = kind.__subclasses__()
    if not below:
        return {kind} if kind.__module__.startswith("contracts.") else set()
    return {found for child in below for found in _messages(child)}
