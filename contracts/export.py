"""Writes the JSON Schemas of every message: `python -m contracts.export`.

One file for each place that messages travel through. A file's own schema accepts any message
that may stand there; `$defs` describes each by name.
"""

import json
from inspect import cleandoc
from pathlib import Path
from typing import Any, Final, get_args

from contracts import (
    acceptance,
    carried,
    funding,
    identity,
    matching,
    message,
    orders,
    registration,
    topology,
    user_events,
    wallet,
)

DIRECTORY: Final = Path(__file__).parent.parent / "docs" / "reference" / "messages"

WALLET_REPLIES: Final = "wallet.replies"
WORKFLOWS: Final = "workflows"
ACTIVITIES: Final = "activities"

PLACES: Final[dict[str, tuple[str, Any]]] = {
    topology.ORDERS_INCOMING: (
        "Kafka: commands for the matching engine",
        matching.EngineCommand,
    ),
    topology.ORDERS_EVENTS: (
        "Kafka: what each command did to orders and markets",
        matching.OrderBatch,
    ),
    topology.TRADES_EXECUTED: (
        "Kafka: executions, complete enough to be settled",
        matching.TradeBatch,
    ),
    topology.ORDERBOOK_UPDATES: (
        "Kafka: new totals of price levels",
        matching.BookBatch,
    ),
    topology.WALLET_QUEUE: (
        "RabbitMQ: commands for the wallet",
        wallet.WalletCommand,
    ),
    WALLET_REPLIES: (
        "RabbitMQ: the wallet's replies, to the queue that the command names",
        wallet.WalletReply,
    ),
    topology.ORDER_FINALIZE: (
        "RabbitMQ: the saga of an order is over",
        orders.FinalizeOrder,
    ),
    topology.WALLET_EVENTS: (
        "Kafka: committed transfers",
        wallet.TransferRecorded,
    ),
    topology.ORDERS_AUDIT: (
        "Kafka: orders that have reached their last status",
        orders.OrderFinalized,
    ),
    topology.IDENTITY_EVENTS: (
        "Kafka: users, logins and API keys",
        identity.IdentityEvent,
    ),
    topology.USER_EVENTS: (
        "Kafka: what a user's own sockets are told of orders and lists",
        user_events.UserEvent,
    ),
    WORKFLOWS: (
        "Temporal: arguments and results of workflows, signals, updates and queries",
        orders.PlaceOrder
        | orders.OrderOutcome
        | orders.OrderState
        | orders.PlacementAnswer
        | orders.CancelRequest
        | orders.CancelAnswer
        | orders.AmendRequest
        | orders.AmendAnswer
        | orders.CancelAllRequest
        | orders.CancelAllAnswer
        | orders.PlaceOrderList
        | orders.ListAnswer
        | carried.CarriedOrder
        | carried.CarriedList
        | orders.SagaView
        | funding.Deposit
        | funding.DepositOutcome,
    ),
    ACTIVITIES: (
        "Temporal: arguments and results of activities that are sent nowhere else",
        registration.Registration
        | acceptance.AcceptOrder
        | acceptance.Acceptance
        | registration.ListRegistration
        | registration.Submission
        | registration.ListSubmission
        | registration.Amendment
        | registration.Report,
    ),
}
"""File name → what travels there, and the messages."""


def kinds(place: str) -> tuple[type[message.Message], ...]:
    """The message types that may stand at a place."""
    _, found = PLACES[place]
    return get_args(found) or (found,)


def schema(place: str) -> dict[str, Any]:
    """The JSON Schema of one place's messages."""
    described = message.json_schema(list(kinds(place)))
    for definition in described["$defs"].values():
        if "description" in definition:  # a docstring, with its source's indentation
            definition["description"] = cleandoc(definition["description"])
    return {
        "$schema": described["$schema"],
        "title": place,
        "description": PLACES[place][0],
        "anyOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds(place)],
        "$defs": described["$defs"],
    }


def text(document: dict[str, Any]) -> str:
    """A document as the file holds it: the same facts are always the same bytes."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def export(directory: Path = DIRECTORY) -> list[Path]:
    """Write every schema, and remove those of places that are no more."""
    directory.mkdir(parents=True, exist_ok=True)
    written = [directory / f"{place}.json" for place in PLACES]
    for place, path in zip(PLACES, written, strict=True):
        path.write_text(text(schema(place)))
    for path in set(directory.glob("*.json")) - set(written):
        path.unlink()
    return written


if __name__ == "__main__":
    for path in export():
        print(path.relative_to(DIRECTORY.parents[2]))
