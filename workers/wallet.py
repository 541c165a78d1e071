"""The wallet worker: commands from RabbitMQ, trades from Kafka, one ledger in MySQL."""

import structlog
from sqlalchemy import text

from adapters.health import HealthServer
from adapters.kafka import create_consumer, create_producer
from adapters.lifecycle import run, run_until_stopped, stop_event
from adapters.mysql import create_engine, require_login
from adapters.outbox import OutboxPublisher
from adapters.rabbitmq import CommandConsumer, assert_topology, connect
from adapters.redis import create_redis
from config.logs import configure_logging
from config.markets import currencies, load_markets
from config.settings import Settings
from contracts.topology import WALLET_DATABASE, WALLET_QUEUE
from wallet.command_loop import CommandLoop
from wallet.directory import WalletDirectory
from wallet.prefilter import Prefilter
from wallet.service import WalletService
from wallet.settlement import Settlement
from wallet.settler import TradeSettler
from wallet.tables import outbox

PREFETCH = 128

log = structlog.get_logger()


async def main() -> None:
    settings = Settings()
    configure_logging("wallet", settings.log_level)
    stop = stop_event()
    markets = load_markets(bench=True)
    login = require_login(settings.mysql.wallet, "wallet")
    engine = create_engine(settings.mysql, login, WALLET_DATABASE)
    redis = create_redis(settings.redis)
    rabbitmq = await connect(settings.rabbitmq)
    await assert_topology(rabbitmq)
    consumer = await create_consumer(settings.kafka)
    producer = await create_producer(settings.kafka)

    directory = WalletDirectory()
    publisher = OutboxPublisher(engine, outbox, producer)
    settler = TradeSettler(engine, directory, markets, committed=publisher.wake)
    settlement = Settlement(engine, settler, consumer, producer, markets)
    await settlement.start()
    service = WalletService(
        engine,
        directory,
        settlement,
        Prefilter(redis),
        currencies=currencies(markets),
        committed=publisher.wake,
    )
    commands = CommandConsumer(rabbitmq, WALLET_QUEUE, prefetch=PREFETCH)
    await commands.start()

    async def mysql_answers() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    checks = {"mysql": mysql_answers, "settlement": settlement.require_turning}
    health = HealthServer(settings.health_port, checks, host=settings.health_host)
    log.info("wallet.started")
    try:
        await run_until_stopped(
            stop,
            {
                "health": health.run(),
                "outbox": publisher.run(),
                "settlement": settlement.run(),
                "commands": CommandLoop(commands, service).run(),
            },
        )
    finally:
        await commands.stop()
        await commands.close()
        await producer.stop()
        await consumer.stop()
        await rabbitmq.close()
        await redis.aclose()
        await engine.dispose()


if __name__ == "__main__":
    run(main())
