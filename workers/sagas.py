"""What a process needs to run sagas: their partners, and a Temporal worker.

The orders worker runs them, and so may the gateway: an order's first workflow task then starts
and ends in the process that the client asked.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from aio_pika.abc import AbstractRobustConnection
from aiokafka import AIOKafkaProducer
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, UnsandboxedWorkflowRunner, Worker

from activities.ports import OrdersPort
from activities.registry import saga_activities
from adapters import kafka, mysql, rabbitmq
from config.markets import load_markets
from config.settings import Settings
from contracts import topology
from matching.client import MatchingClient
from orders.service import OrderService
from wallet.client import WalletClient
from workflows.registry import SAGAS

STICKY_TIMEOUT: Final = timedelta(seconds=1)  # else a dead worker's orders wait 10 s
POLLERS: Final = 5  # each that a stopped worker leaves open swallows a task for its time-out


@dataclass(frozen=True)
class SagaHost:
    """A worker that is ready to run, and the connections that others of the process share."""

    worker: Worker
    matching: MatchingClient
    service: OrderService
    engine: AsyncEngine
    broker: AbstractRobustConnection
    producer: AIOKafkaProducer

    async def check(self) -> None:
        """Raises where the worker does not poll."""
        if not self.worker.is_running:
            raise RuntimeError("the Temporal worker is not polling")


@asynccontextmanager
async def saga_host(
    settings: Settings,
    client: Client,
    orders_as: Callable[[OrdersPort], OrdersPort] = lambda orders: orders,
) -> AsyncIterator[SagaHost]:
    """Connect the sagas' partners; close them in reverse order.

    `orders_as` may put something between the sagas and the order management system.
    """
    async with AsyncExitStack() as opened:
        login = mysql.require_login(settings.mysql.orders, "orders")
        engine = mysql.create_engine(settings.mysql, login, topology.ORDERS_DATABASE)
        opened.push_async_callback(engine.dispose)
        broker = await rabbitmq.connect(settings.rabbitmq)
        opened.push_async_callback(broker.close)
        await rabbitmq.assert_topology(broker)
        commands = rabbitmq.CommandClient(broker)
        await commands.start()
        answers = await kafka.create_consumer(settings.kafka)
        opened.push_async_callback(answers.stop)
        producer = await kafka.create_producer(settings.kafka)
        opened.push_async_callback(producer.stop)
        matching = MatchingClient(producer, answers, load_markets())
        await matching.start()
        opened.push_async_callback(matching.stop)
        service = OrderService(engine, commands)
        worker = saga_worker(
            client,
            saga_activities(orders_as(service), WalletClient(commands), matching),
            max_cached_workflows=settings.temporal.max_cached_workflows,
        )
        yield SagaHost(worker, matching, service, engine, broker, producer)


def saga_worker(
    client: Client,
    activities: Sequence[Callable[..., Any]],
    *,
    max_cached_workflows: int,
) -> Worker:
    """The Temporal worker of the sagas.

    Unsandboxed: the sandbox costs more than half of the rate, and the tests and replays run
    the same workflows inside it. All activities are local, so none is polled for.
    """
    return Worker(
        client,
        task_queue=topology.ORDERS_TASK_QUEUE,
        workflows=SAGAS,
        activities=activities,
        workflow_runner=UnsandboxedWorkflowRunner(),
        no_remote_activities=True,
        max_cached_workflows=max_cached_workflows,
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(POLLERS),
        nonsticky_to_sticky_poll_ratio=0.5,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
    )
