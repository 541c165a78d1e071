"""The whole exchange on one machine: servers, provisioning, processes, demo users."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from config.settings import Settings
from stack.ccxt_options import ccxt_options
from stack.errors import NotReady
from stack.paths import ROOT
from stack.ports import LOOPBACK, PortChoice
from stack.process import Command
from stack.seed import DemoUser, seed
from stack.servers import Progress, Servers, silent
from stack.simulator import Simulator
from stack.status import Status, clear_status, write_status
from stack.together import all_of
from stack.tools import clear_tools, write_tools
from stack.workers import SIMULATOR, WORKERS, Worker
from workers.provision import provision

WORKER_READY_LIMIT_S = 60.0
WORKER_STOP_LIMIT_S = 15.0
WATCH_POLL_S = 0.5


class Platform:
    """Starts in the order of dependence, stops in the reverse. An async context manager.

    It restarts nothing by itself: `watch` raises when a process has died. `kill`, `pause`,
    `resume` and `restart` take the name of any server or worker and are for the fault tests.
    `overrides` are TRADEFLOW_* variables that stand above the platform's own. `simulation` names
    the mix of simulated traders; None: nobody trades but its clients.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        ports: str = PortChoice.FREE,
        wanted: dict[str, int] | None = None,
        workers: Iterable[Worker] | None = None,
        temporal_synchronous: str = "normal",
        overrides: Mapping[str, str] | None = None,
        simulation: str | None = None,
        progress: Progress = silent,
    ) -> None:
        self.workers = {worker.name: worker for worker in (WORKERS if workers is None else workers)}
        self.servers = Servers(
            data_dir,
            ports=ports,
            wanted=wanted,
            more_ports=(
                "gateway",
                *(w.port_name for w in (*WORKERS, SIMULATOR) if w.port_name != "gateway"),
            ),
            temporal_synchronous=temporal_synchronous,
            progress=progress,
        )
        self.data_dir = self.servers.data_dir
        self.users: list[DemoUser] = []
        self._overrides = dict(overrides or {})
        self._simulation = simulation
        self._simulator = Simulator(self.servers.processes)
        self._progress = progress

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Bring everything up; on any failure everything is down again."""
        await self.servers.start()
        try:
            clear_status(self.data_dir)  # one that a killed predecessor left tells lies
            await self._provision()
            for name in self.workers:
                self._start_worker(name)
            await all_of(self._worker_ready(name) for name in self.workers)
            if "gateway" in self.workers:
                self.users = await seed(self)
            self._start_simulator()
            write_tools(self.data_dir, self.environment())
            write_status(self.data_dir, self.status())
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Clients first, then workers, the gateway before the others, then the servers."""
        if not self.servers.owned:  # the status file may be another's
            return
        clear_status(self.data_dir)
        clear_tools(self.data_dir)
        for group in ((SIMULATOR.name,), ("gateway",), self._others()):
            await all_of(self._stop_worker(name) for name in group)
        await self.servers.stop()

    async def watch(self) -> None:
        """Run until a process dies unasked. Raises ProcessDied with the tail of its log.

        The simulator is no part of the exchange: it is started again.
        """
        while True:
            self.servers.processes.check_alive(but=(SIMULATOR.name,))
            if self._simulator.keep():
                write_status(self.data_dir, self.status())
            await asyncio.sleep(WATCH_POLL_S)

    @property
    def api_url(self) -> str:
        return f"http://{LOOPBACK}:{self.servers.ports['gateway']}"

    @property
    def ws_url(self) -> str:
        return f"ws://{LOOPBACK}:{self.servers.ports['gateway']}"

    def health_url(self, worker: str) -> str:
        """Where a worker answers GET /healthz."""
        port = self.servers.ports[self.workers[worker].port_name]
        return f"http://{LOOPBACK}:{port}/healthz"

    @property
    def simulator_health_url(self) -> str:
        """Where the simulator answers GET /healthz: 200 while it sees its markets."""
        return f"http://{LOOPBACK}:{self.servers.ports[SIMULATOR.port_name]}/healthz"

    def environment(self) -> dict[str, str]:
        """Every TRADEFLOW_* variable of this platform; `settings` parses them."""
        matching = f"http://{LOOPBACK}:{self.servers.ports['matching_health']}"
        health = {name: self.health_url(name) for name in self.workers if name != "gateway"}
        return {
            **self.servers.environment(),
            "TRADEFLOW_MATCHING_HEALTH_URL": matching,
            "TRADEFLOW_WORKER_HEALTH": json.dumps(health),
            "TRADEFLOW_LOG_LEVEL": os.environ.get("TRADEFLOW_LOG_LEVEL", "INFO"),
            "TRADEFLOW_BENCH_MARKET": os.environ.get("TRADEFLOW_BENCH_MARKET", "false"),
            **self._overrides,
        }

    def settings(self) -> Settings:
        """All settings, root's login included: for tests and tools, never for a worker."""
        return Settings.from_environment(self.environment())

    def status(self) -> Status:
        """What status.json says."""
        variables = self.environment()
        children = self.servers.processes.children
        return Status(
            api=self.api_url,
            ws=self.ws_url,
            temporal=variables["TRADEFLOW_TEMPORAL__ADDRESS"],
            temporal_ui=variables["TRADEFLOW_TEMPORAL__UI"],
            users=self.users,
            processes={name: child.pid for name, child in children.items()},
            ccxt=ccxt_options(self.api_url, self.ws_url, self.users[0]) if self.users else None,
        )

    async def kill(self, name: str, sent: signal.Signals = signal.SIGKILL) -> None:
        """Signal a process and its group, and wait until it is gone."""
        child = self.servers.child(name)
        child.send(sent)
        if not await child.ended(WORKER_STOP_LIMIT_S):
            raise NotReady(name, WORKER_STOP_LIMIT_S, f"it survived {sent.name}", child.log)
        await self.servers.processes.stop(name)

    def pause(self, name: str) -> None:
        """SIGSTOP: the process keeps its connections and does nothing."""
        self.servers.pause(name)

    def resume(self, name: str) -> None:
        """SIGCONT after `pause`."""
        self.servers.resume(name)

    async def restart(self, name: str) -> None:
        """Stop the process if it runs, start it again, and wait until it is ready."""
        if name in self.workers:
            await self.servers.processes.stop(name, WORKER_STOP_LIMIT_S)
            self._start_worker(name)
            await self._worker_ready(name)
        else:
            await self.servers.restart(name)
        write_status(self.data_dir, self.status())

    async def _provision(self) -> None:
        began = time.monotonic()
        self._progress("provision", "starting", 0.0)
        await provision(self.settings())
        self._progress("provision", "ready", time.monotonic() - began)

    def _start_worker(self, name: str) -> None:
        worker = self.workers[name]
        self._progress(name, "starting", 0.0)
        variables = worker.environment(self.environment())
        variables["TRADEFLOW_HEALTH_PORT"] = str(self.servers.ports[worker.port_name])
        variables["PYTHONPATH"] = str(ROOT)
        command = (sys.executable, "-m", worker.module)
        self.servers.processes.start(name, Command(command, variables, cwd=self.data_dir))

    def _start_simulator(self) -> None:
        if self._simulation is None:
            return
        variables = SIMULATOR.environment(self.environment()) | {
            "TRADEFLOW_SIMULATION": self._simulation,
            "TRADEFLOW_SIMULATION_API": self.api_url,
            "TRADEFLOW_HEALTH_PORT": str(self.servers.ports[SIMULATOR.port_name]),
        }
        self._simulator.start(variables)

    async def _worker_ready(self, name: str) -> None:
        began = time.monotonic()
        child = self.servers.child(name)
        reason = "no answer"
        async with httpx.AsyncClient(timeout=2.0) as client:
            while time.monotonic() - began < WORKER_READY_LIMIT_S:
                child.check_alive()
                try:
                    answer = await client.get(self.health_url(name))
                except httpx.HTTPError as error:
                    reason = repr(error)
                else:
                    if answer.status_code == httpx.codes.OK:
                        self._progress(name, "ready", time.monotonic() - began)
                        return
                    reason = f"/healthz answered {answer.status_code}: {answer.text[:200]}"
                await asyncio.sleep(0.1)
        raise NotReady(name, WORKER_READY_LIMIT_S, reason, child.log)

    async def _stop_worker(self, name: str) -> None:
        if name in self.servers.processes.children:
            began = time.monotonic()
            await self.servers.processes.stop(name, WORKER_STOP_LIMIT_S)
            self._progress(name, "stopped", time.monotonic() - began)

    def _others(self) -> list[str]:
        return [name for name in self.workers if name != "gateway"]
