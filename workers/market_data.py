"""The market data process: the engine's output on Kafka becomes what Redis shows.

Books, figures and ready-made frames by the projector; candles and trades by the recorder. Both
go on from checkpoints that the projector takes.
"""

from adapters.health import HealthServer
from adapters.kafka import create_consumer
from adapters.lifecycle import run, run_until_stopped, stop_event
from adapters.redis import create_redis
from config.logs import configure_logging
from config.markets import load_markets
from config.settings import Settings
from market_data.checkpoints import Checkpoints
from market_data.history import HistoryWriter
from market_data.projector import Projector
from market_data.recorder import Recorder
from market_data.store import DisplayStore


async def main() -> None:
    settings = Settings()
    configure_logging("market_data", settings.log_level)
    stop = stop_event()

    redis = create_redis(settings.redis)
    symbols = tuple(load_markets(bench=settings.bench_market))
    live, past = [await create_consumer(settings.kafka) for _ in range(2)]
    checkpoints = Checkpoints(
        settings.data_dir / "market_data", symbols, every=settings.market_data_checkpoint_every
    )
    projector = Projector(live, DisplayStore(redis), symbols, checkpoints)
    recorder = Recorder(past, HistoryWriter(redis, symbols), checkpoints)
    checks = {"display": projector.check, "history": recorder.check}
    health = HealthServer(settings.health_port, checks, host=settings.health_host)
    try:
        await run_until_stopped(
            stop,
            {
                "health": health.run(),
                "recorder": recorder.run(),
                "projector": projector.run(),
            },
        )
    finally:
        await checkpoints.idle()
        await live.stop()
        await past.stop()
        await redis.aclose()


if __name__ == "__main__":
    run(main())
