"""The simulator process: seeded agents that trade through the gateway, as any client does."""

from pathlib import Path
from typing import Final

from httpx import AsyncClient

from adapters.health import HealthServer
from adapters.lifecycle import run, run_until_stopped, stop_event
from config.logs import configure_logging
from config.settings import Settings
from simulator.mix import load_mix
from simulator.simulation import Simulation

REQUEST_TIMEOUT_S: Final = 15.0  # longer than the exchange takes to say "unknown"
CONFIG: Final = Path(__file__).parent.parent / "config"
MIXES: Final = {"calm": CONFIG / "simulation.toml", "storm": CONFIG / "storm.toml"}


async def main() -> None:
    settings = Settings()
    configure_logging("simulator", settings.log_level)
    stop = stop_event()

    mix = load_mix(MIXES.get(settings.simulation, Path(settings.simulation)))
    users = settings.data_dir / "simulated_traders.json"
    async with AsyncClient(base_url=settings.simulation_api, timeout=REQUEST_TIMEOUT_S) as http:
        streams = settings.simulation_api.replace("http", "ws", 1) + "/stream"
        simulation = Simulation(mix, http, users, streams)
        checks = {"markets": simulation.check}
        health = HealthServer(settings.health_port, checks, host=settings.health_host)
        await run_until_stopped(stop, {"health": health.run(), "simulation": simulation.run()})


if __name__ == "__main__":
    run(main())
