"""The market data process as a child of a test."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from stack.ports import free_port

ROOT = Path(__file__).parent.parent.parent
START_TIMEOUT_S = 60


def checkpointing(environment: Mapping[str, str], directory: Path, every: int) -> dict[str, str]:
    """The same with checkpoints in that directory, one after so many entries of the log."""
    return {
        **environment,
        "TRADEFLOW_DATA_DIR": str(directory),
        "TRADEFLOW_MARKET_DATA_CHECKPOINT_EVERY": str(every),
    }


class MarketDataProcess:
    """`python -m workers.market_data` beside the servers that `environment` names."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._port = free_port()
        self._environment = {
            **os.environ,
            **environment,
            "TRADEFLOW_HEALTH_PORT": str(self._port),
        }
        self._child: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it is healthy."""
        self._child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "workers.market_data", cwd=ROOT, env=self._environment
        )
        async with asyncio.timeout(START_TIMEOUT_S), httpx.AsyncClient() as http:
            while True:
                assert self._child.returncode is None, "the process has ended"
                try:
                    answer = await http.get(f"http://127.0.0.1:{self._port}/healthz")
                except httpx.TransportError:
                    answer = None
                if answer is not None and answer.status_code == httpx.codes.OK:
                    return
                await asyncio.sleep(0.05)

    async def metric(self, line: str) -> int:
        """The value that /metrics tells behind these words."""
        async with httpx.AsyncClient() as http:
            answer = await http.get(f"http://127.0.0.1:{self._port}/metrics")
        (value,) = [
            text.removeprefix(line) for text in answer.text.splitlines() if text.startswith(line)
        ]
        return int(float(value))

    async def kill(self) -> None:
        """SIGKILL."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> None:
        child, self._child = self._child, None
        if child is not None and child.returncode is None:
            child.send_signal(number)
            await child.wait()
