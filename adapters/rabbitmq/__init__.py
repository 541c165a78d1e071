"""RabbitMQ: commands that are routed and confirmed, consumers that take bounded batches."""

from adapters.rabbitmq.client import CommandClient, CommandNotSent, NoReply
from adapters.rabbitmq.connection import assert_topology, connect
from adapters.rabbitmq.consumer import CommandConsumer, Delivery

__all__ = [
    "CommandClient",
    "CommandConsumer",
    "CommandNotSent",
    "Delivery",
    "NoReply",
    "assert_topology",
    "connect",
]
