"""The real servers for tests: each started once a session, lazily, on free ports.

They live in a temporary directory and end with the session; when the session is killed, the
watchdog of `stack.process` ends them. A server that cannot be had fails the set-up.
"""

import tempfile
from pathlib import Path

from config.settings import Settings
from stack.servers import Servers


class TestServers:
    """Hands out running servers by name; starts what is not running yet."""

    __test__ = False

    def __init__(self) -> None:
        # Short: the path of a Unix socket in it may have 107 characters only.
        self._directory = tempfile.TemporaryDirectory(prefix="tf-", ignore_cleanup_errors=True)
        self.running = Servers(Path(self._directory.name, "servers"), ())

    async def start(self, *names: str) -> Settings:
        """Settings that reach these servers (mysql rabbitmq kafka redis mongo temporal)."""
        for name in names:
            await self.running.add(name)
        return self.settings()

    def settings(self) -> Settings:
        """Settings that reach every server that has been started so far."""
        return Settings.from_environment(self.environment())

    def environment(self) -> dict[str, str]:
        """The same as variables."""
        return self.running.environment()

    async def kill(self, name: str) -> None:
        """SIGKILL; `restart` brings it back on the same data and port."""
        await self.running.kill(name)

    def pause(self, name: str) -> None:
        """SIGSTOP: it keeps its connections and answers nothing."""
        self.running.pause(name)

    def resume(self, name: str) -> None:
        """SIGCONT after `pause`."""
        self.running.resume(name)

    async def restart(self, name: str) -> None:
        """Stop it if it runs, start it again on the same data and port, wait until it answers."""
        await self.running.restart(name)

    async def open(self) -> None:
        """Take the directory; starts nothing."""
        await self.running.start()

    async def close(self) -> None:
        """Stop all of them."""
        await self.running.stop()
        self._directory.cleanup()
