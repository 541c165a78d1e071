"""What crosses the gateway in Binance's dialect: the base of its types, and their JSON Schema.

The payloads themselves are made field by field where they are told, which is faster than building
objects; these types say what is in them. Tests decode what the makers write with these types,
strictly, and the screen's TypeScript is generated from their schema.
"""

from inspect import cleandoc
from typing import Any

import msgspec

from contracts.message import json_schema


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object of Binance's dialect. Fields have names here; the letters are Binance's."""


def payload_schemas(kinds: list[type]) -> dict[str, Any]:
    """Name → JSON Schema, also of what they are made of, with references as OpenAPI has them."""
    definitions: dict[str, Any] = json_schema(kinds, "#/components/schemas/{name}")["$defs"]
    for schema in definitions.values():
        if "description" in schema:  # a docstring, with its source's indentation
            schema["description"] = cleandoc(schema["description"])
    for kind in kinds:
        _explain_letters(kind, definitions[kind.__name__])
    return definitions


def _explain_letters(kind: type, schema: dict[str, Any]) -> None:
    """`E` is the field `event_ms` here: its description says so."""
    properties = schema.get("properties", {})
    for field in msgspec.structs.fields(kind):
        if field.encode_name in properties and len(field.encode_name) < len(field.name):
            described = properties[field.encode_name]
            described.setdefault("description", field.name.replace("_", " "))
