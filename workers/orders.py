"""The orders worker: runs the sagas of orders and deposits, and finalizes order rows."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.worker import PollerBehaviorSimpleMaximum, UnsandboxedWorkflowRunner, Worker

from activities.matching import MatchingActivities
from activities.orders import OrderActivities
from activities.wallet import WalletActivities
from adapters import health, kafka, lifecycle, mysql, rabbitmq, temporal
from adapters.outbox import OutboxPublisher
from config.logs import configure_logging
from config.markets import load_markets
from config.settings import Settings
from contracts import topology
from contracts.message import MalformedMessage, decode
from contracts.orders import FinalizeOrder
from matching.client import MatchingClient
from orders.service import OrderService
from orders.tables import outbox
from wallet.client import WalletClient
from workflows.deposit import DepositWorkflow
from workflows.place_order import PlaceOrderWorkflow

FINALIZE_BATCH: Final = 64
DATABASE_PAUSE_S: Final = 0.5
STICKY_TIMEOUT: Final = timedelta(seconds=1)  # else a dead worker's orders wait 10 s

log = structlog.get_logger()


def saga_worker(
    client: Client,
    orders: OrderActivities,
    wallet: WalletActivities,
    matching: MatchingActivities,
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
        workflows=[PlaceOrderWorkflow, DepositWorkflow],
        activities=[
            orders.register_order,
            orders.record_report,
            orders.finalize_order,
            wallet.reserve_funds,
            wallet.release_funds,
            wallet.deposit_funds,
            matching.submit_order,
            matching.cancel_order,
        ],
        workflow_runner=UnsandboxedWorkflowRunner(),
        no_remote_activities=True,
        max_cached_workflows=max_cached_workflows,
        workflow_task_poller_behavior=PollerBehaviorSimpleMaximum(20),
        nonsticky_to_sticky_poll_ratio=0.5,
        sticky_queue_schedule_to_start_timeout=STICKY_TIMEOUT,
    )


async def finalize_orders(consumer: rabbitmq.CommandConsumer, service: OrderService) -> None:
    """Consume `order.finalize`: commit what waits in one go, acknowledge; park the unreadable."""
    async for deliveries in consumer.batches(FINALIZE_BATCH):
        readable: list[rabbitmq.Delivery] = []
        commands: list[FinalizeOrder] = []
        for delivery in deliveries:
            try:
                commands.append(decode(delivery.body, FinalizeOrder))
            except MalformedMessage as error:
                log.error("finalize.malformed", error=str(error))
                await delivery.dead_letter()
            else:
                readable.append(delivery)
        await _apply_until_done(service, commands)
        for delivery in readable:
            await delivery.ack()


async def _apply_until_done(service: OrderService, commands: list[FinalizeOrder]) -> None:
    while True:
        try:
            await service.apply_finalize(*commands)
        except (SQLAlchemyError, OSError) as error:
            log.warning("finalize.waiting_for_database", error=repr(error))
            await asyncio.sleep(DATABASE_PAUSE_S)
        else:
            return


async def main() -> None:
    settings = Settings()
    configure_logging("orders", settings.log_level)
    stop = lifecycle.stop_event()
    markets = load_markets()

    login = mysql.require_login(settings.mysql.orders, "orders")
    engine = mysql.create_engine(settings.mysql, login, topology.ORDERS_DATABASE)
    broker = await rabbitmq.connect(settings.rabbitmq)
    await rabbitmq.assert_topology(broker)
    commands = rabbitmq.CommandClient(broker)
    await commands.start()
    producer = await kafka.create_producer(settings.kafka)
    answers = await kafka.create_consumer(settings.kafka)
    client = await temporal.connect(settings.temporal)

    service = OrderService(engine, commands)
    matching = MatchingClient(producer, answers, markets)
    await matching.start()
    finalizing = rabbitmq.CommandConsumer(broker, topology.ORDERS_QUEUE, prefetch=FINALIZE_BATCH)
    await finalizing.start()
    worker = saga_worker(
        client,
        OrderActivities(service),
        WalletActivities(WalletClient(commands)),
        MatchingActivities(matching),
        max_cached_workflows=settings.temporal.max_cached_workflows,
    )

    async def polling() -> None:
        if not worker.is_running:
            raise RuntimeError("the Temporal worker is not polling")

    checks = {"worker": polling, "answers": matching.check}
    server = health.HealthServer(settings.health_port, checks, host=settings.health_host)
    log.info("orders.started")
    try:
        await lifecycle.run_until_stopped(
            stop,
            {
                "health": server.run(),
                "outbox": OutboxPublisher(engine, outbox, producer).run(),
                "finalize": finalize_orders(finalizing, service),
                "sagas": worker.run(),
            },
        )
    finally:
        await matching.stop()
        await producer.stop()
        await answers.stop()
        await broker.close()
        await engine.dispose()


if __name__ == "__main__":
    lifecycle.run(main())
