"""The base of every message, and how messages become bytes and come back.

A message is frozen, carries its `type` and `schema_version`, and refuses unknown fields: a
reader that does not know a field must not guess what leaving it out would mean.
"""

from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from contracts.amounts import Amount

MAX_MESSAGE_BYTES = 1_048_576


class Message(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=True,
):
    """A fact or a request that crosses a process."""

    schema_version: Literal[1] = 1


class MalformedMessage(ValueError):
    """The bytes are not a message of the expected type and version."""


T = TypeVar("T")


def _encode_extension(value: object) -> object:
    if isinstance(value, Amount):
        return str(value)
    raise NotImplementedError(f"cannot encode {type(value).__name__}")


def _decode_extension(kind: type, value: object) -> object:
    if kind is Amount:
        if not isinstance(value, str):
            raise ValueError("an amount is a string")
        return Amount(value)
    raise NotImplementedError(f"cannot decode {kind.__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_encode_extension)
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def encode(message: object) -> bytes:
    """Write a message, or any value made of messages, as JSON bytes."""
    return _encoder.encode(message)


def decode(data: bytes, kind: type[T] | Any) -> T:
    """Read JSON bytes as `kind`: a message type or a union of them.

    Raises:
        MalformedMessage: not JSON, another type, an unknown or missing field, a bad value.
    """
    if len(data) > MAX_MESSAGE_BYTES:
        raise MalformedMessage(f"{len(data)} bytes; at most {MAX_MESSAGE_BYTES}")
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind, dec_hook=_decode_extension)
    try:
        result: T = decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedMessage(str(error)) from error
    return result


def json_schema(kinds: list[Any], ref_template: str = "#/$defs/{name}") -> dict[str, Any]:
    """The JSON Schema (2020-12) of message types, amounts as decimal strings."""

    def describe(kind: type) -> dict[str, Any]:
        if kind is Amount:
            return {"type": "string", "pattern": r"^-?[0-9]{1,12}\.[0-9]{8}$"}
        if kind is UUID:
            return {"type": "string", "format": "uuid"}
        raise NotImplementedError(kind.__name__)

    _, definitions = msgspec.json.schema_components(
        kinds, schema_hook=describe, ref_template=ref_template
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions}
