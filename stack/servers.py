"""A set of servers, started together and stopped together."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from stack.credentials import load_credentials, make_private
from stack.kafka import Kafka
from stack.lock import Lock
from stack.mongo import Mongo
from stack.mysql import MySQL
from stack.paths import shared_lib_dir
from stack.ports import LOOPBACK, PortChoice, choose_ports
from stack.process import Child, Processes
from stack.rabbitmq import RabbitMQ
from stack.redis import Redis
from stack.server import Server, Site
from stack.temporal import Temporal
from stack.together import all_of

SERVERS: dict[str, type[Server]] = {
    kind.name: kind for kind in (MySQL, RabbitMQ, Kafka, Redis, Mongo, Temporal)
}

Progress = Callable[[str, str, float], None]
"""Called with a name, what happened to it (starting, ready, stopped) and the seconds it took."""


def silent(name: str, event: str, seconds: float) -> None:
    """The progress callback of those who do not watch."""


class Servers:
    """The chosen servers on one data directory. An async context manager.

    `ports` is `fixed` (what people know: 7233, 8233, 8000) or `free`; `wanted` overrides single
    ports by name. Another owner of the same data directory is refused.
    """

    def __init__(
        self,
        data_dir: Path,
        which: Iterable[str] = SERVERS,
        *,
        ports: str = PortChoice.FREE,
        wanted: dict[str, int] | None = None,
        more_ports: tuple[str, ...] = (),
        temporal_synchronous: str = "normal",
        progress: Progress = silent,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self._which = [name for name in SERVERS if name in set(which)]
        self._choice = PortChoice(ports)
        self._wanted = wanted
        self._more_ports = more_ports
        self._temporal_synchronous = temporal_synchronous
        self._progress = progress
        self._lock: Lock | None = None
        self._site: Site
        self._servers: dict[str, Server] = {}
        self.processes = Processes(self.data_dir / "logs")
        self.ports: dict[str, int] = {}

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
        """Start all in parallel and wait until each answers; on any failure stop all."""
        self.check()
        make_private(self.data_dir)
        self._lock = Lock(self.data_dir)
        try:
            self._take_site()
            await all_of(self._start(name) for name in self._which)
        except BaseException:
            await self.stop()
            raise

    async def add(self, name: str) -> None:
        """Start one more server beside those that run; nothing to do when it is one of them."""
        if name not in self._servers:
            SERVERS[name].check()
            self._place(name)
            await self._start(name)

    async def stop(self) -> None:
        """Stop what runs, workers first, servers in parallel; releases the data directory."""
        try:
            await asyncio.gather(*(self._stop(name) for name in list(self.processes.children)))
        finally:
            self.processes.close()
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def check(self) -> None:
        """Raise MissingProgram for the first thing that is not installed."""
        for name in self._which:
            SERVERS[name].check()

    def environment(self) -> dict[str, str]:
        """The TRADEFLOW_* variables that reach these servers, root's login included."""
        variables = {"TRADEFLOW_DATA_DIR": str(self.data_dir)}
        for server in self._servers.values():
            variables |= server.environment()
        credentials = load_credentials(self.data_dir)
        for secret in ("jwt_secret", "secrets_key", "ops_password", "compliance_password"):
            variables[f"TRADEFLOW_GATEWAY__{secret.upper()}"] = credentials[secret]
        if "gateway" in self.ports:
            variables["TRADEFLOW_GATEWAY__HOST"] = LOOPBACK
            variables["TRADEFLOW_GATEWAY__PORT"] = str(self.ports["gateway"])
        return variables

    @property
    def owned(self) -> bool:
        """Whether the data directory is ours: between a successful start and the stop."""
        return self._lock is not None

    def child(self, name: str) -> Child:
        """The running process of that name."""
        return self.processes.children[name]

    async def kill(self, name: str) -> None:
        """SIGKILL one server and whatever it forked."""
        await self.processes.kill(name)

    def pause(self, name: str) -> None:
        """SIGSTOP: it keeps its connections and answers nothing."""
        self.child(name).send(signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """SIGCONT after `pause`."""
        self.child(name).send(signal.SIGCONT)

    async def restart(self, name: str) -> None:
        """Stop one server if it runs, and start it on the same data and ports."""
        await self.processes.stop(name, self._servers[name].stop_limit_s)
        await self._start(name)

    def _take_site(self) -> None:
        self._site = Site(
            data_dir=self.data_dir,
            lib_dir=shared_lib_dir(),
            ports=self.ports,
            credentials=load_credentials(self.data_dir),
            temporal_synchronous=self._temporal_synchronous,
        )
        for name in self._which:
            self._place(name)
        self._take_ports(self._more_ports)

    def _place(self, name: str) -> None:
        """Give a server its ports."""
        self._take_ports(SERVERS[name].port_names)
        self._servers[name] = SERVERS[name](self._site)

    def _take_ports(self, names: tuple[str, ...]) -> None:
        taken = set(self.ports.values())
        self.ports |= choose_ports(names, self._choice, self._wanted, taken)

    async def _start(self, name: str) -> None:
        began = time.monotonic()
        self._progress(name, "starting", 0.0)
        server = self._servers[name]
        await server.prepare()
        await server.ready(self.processes.start(name, server.command()))
        self._progress(name, "ready", time.monotonic() - began)

    async def _stop(self, name: str) -> None:
        began = time.monotonic()
        await self.processes.stop(name)
        self._progress(name, "stopped", time.monotonic() - began)
