"""The audit process: what every topic tells becomes lines of the trail in MongoDB."""

from adapters import mongo
from adapters.health import HealthServer
from adapters.kafka import create_consumer
from adapters.lifecycle import run, run_until_stopped, stop_event
from audit.store import open_trail
from audit.trail import AuditTrail
from config.logs import configure_logging
from config.markets import load_markets
from config.settings import Settings
from contracts.topology import AUDIT_GROUP


async def main() -> None:
    settings = Settings()
    configure_logging("audit", settings.log_level)
    stop = stop_event()

    client = mongo.connect(settings.mongo)
    await open_trail(client, settings.mongo.database)
    consumer = await create_consumer(settings.kafka, group=AUDIT_GROUP, large_fetches=True)
    nobodys = frozenset(m.symbol for m in load_markets(bench=True).values() if not m.settles)
    trail = AuditTrail(consumer, unaudited=nobodys)
    checks = {"trail": trail.check}
    health = HealthServer(settings.health_port, checks, host=settings.health_host)
    try:
        await run_until_stopped(stop, {"health": health.run(), "trail": trail.run()})
    finally:
        await consumer.stop()
        await client.close()


if __name__ == "__main__":
    run(main())
