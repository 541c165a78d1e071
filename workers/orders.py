"""The orders worker: runs the sagas of orders and deposits, and finalizes order rows."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from adapters import health, lifecycle, rabbitmq, temporal
from adapters.outbox import OutboxPublisher
from config.logs import configure_logging
from config.settings import Settings
from contracts import topology
from contracts.message import MalformedMessage, decode
from contracts.orders import FinalizeOrder
from orders.service import OrderService
from orders.tables import outbox
from workers.sagas import saga_host

FINALIZE_BATCH: Final = 64
DATABASE_PAUSE_S: Final = 0.5

log = structlog.get_logger()


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
    client = await temporal.connect(settings.temporal)

    async with saga_host(settings, client) as host:
        finalizing = rabbitmq.CommandConsumer(
            host.broker, topology.ORDERS_QUEUE, prefetch=FINALIZE_BATCH
        )
        await finalizing.start()
        checks = {"worker": host.check, "answers": host.matching.check}
        server = health.HealthServer(settings.health_port, checks, host=settings.health_host)
        log.info("orders.started")
        await lifecycle.run_until_stopped(
            stop,
            {
                "health": server.run(),
                "outbox": OutboxPublisher(host.engine, outbox, host.producer).run(),
                "finalize": finalize_orders(finalizing, host.service),
                "sagas": host.worker.run(),
            },
        )


if __name__ == "__main__":
    lifecycle.run(main())
