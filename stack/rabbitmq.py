"""RabbitMQ: the wallet's and the orders' commands."""

import base64
import hashlib
import json
import secrets
from pathlib import Path

import aio_pika

from stack.credentials import make_private, write_private
from stack.ports import LOOPBACK
from stack.process import Command
from stack.server import Server, apt, find_program

INSTALL = apt("rabbitmq-server")
PROGRAMS = Path("/usr/lib/rabbitmq/bin")  # the one in /usr/sbin is a wrapper around `su`
VHOST = "tradeflow"
USER = "tradeflow"

# epmd, Erlang's port mapper, normally daemonises and outlives the broker. Started here, it
# belongs to the broker's process group and ends with it.
_LAUNCH = 'epmd -address 127.0.0.1 & until epmd -names >/dev/null; do sleep 0.02; done; exec "$0"'


class RabbitMQ(Server):
    """One virtual host and one user with a generated password; there is no guest."""

    name = "rabbitmq"
    port_names = ("rabbitmq", "rabbitmq_dist", "rabbitmq_epmd")

    @classmethod
    def check(cls) -> None:
        find_program("rabbitmq-server", INSTALL, PROGRAMS)
        find_program("epmd", INSTALL)

    async def prepare(self) -> None:
        make_private(self.data)
        definitions = self.data / "definitions.json"
        write_private(definitions, json.dumps(self._definitions()))
        cookie = self.data / ".erlang.cookie"
        if not cookie.exists():
            write_private(cookie, self.site.credentials["erlang_cookie"])
            cookie.chmod(0o400)
        (self.data / "enabled_plugins").write_text("[].\n")
        (self.data / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = {LOOPBACK}:{self.port}\n"
            f"load_definitions = {definitions}\n"
            "log.console.level = warning\n"
            "vm_memory_high_watermark.absolute = 1GB\n"
            "disk_free_limit.absolute = 200MB\n"
            "raft.wal_max_size_bytes = 67108864\n"
        )

    def command(self) -> Command:
        ports = self.site.ports
        return Command(
            ("/bin/sh", "-c", _LAUNCH, find_program("rabbitmq-server", INSTALL, PROGRAMS)),
            env={
                "HOME": str(self.data),  # the Erlang cookie is looked for here
                "RABBITMQ_NODENAME": "tradeflow@localhost",
                "RABBITMQ_MNESIA_BASE": str(self.data / "mnesia"),
                "RABBITMQ_LOG_BASE": str(self.data),
                "RABBITMQ_LOGS": "-",
                "RABBITMQ_PID_FILE": str(self.data / "rabbitmq.pid"),
                "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.data / "enabled_plugins"),
                "RABBITMQ_CONFIG_FILE": str(self.data / "rabbitmq.conf"),
                "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.data / "none.config"),
                "RABBITMQ_CONF_ENV_FILE": str(self.data / "none-env.conf"),
                "RABBITMQ_DIST_PORT": str(ports["rabbitmq_dist"]),
                "ERL_EPMD_PORT": str(ports["rabbitmq_epmd"]),
                "ERL_EPMD_ADDRESS": LOOPBACK,
                # Replaces the start script's shell by the broker, so that a signal reaches it.
                "RUNNING_UNDER_SYSTEMD": "true",
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                    "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false"
                    " +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"
                ),
            },
        )

    async def ping(self) -> None:
        connection = await aio_pika.connect(
            host=LOOPBACK,
            port=self.port,
            login=USER,
            password=self.site.credentials["rabbitmq"],
            virtualhost=VHOST,
        )
        await connection.close()

    def environment(self) -> dict[str, str]:
        prefix = "TRADEFLOW_RABBITMQ__"
        return {
            f"{prefix}HOST": LOOPBACK,
            f"{prefix}PORT": str(self.port),
            f"{prefix}VHOST": VHOST,
            f"{prefix}USER": USER,
            f"{prefix}PASSWORD": self.site.credentials["rabbitmq"],
        }

    def _definitions(self) -> dict[str, object]:
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        return {
            "vhosts": [{"name": VHOST}],
            "users": [
                {
                    "name": USER,
                    "password_hash": password_hash(self.site.credentials["rabbitmq"]),
                    "hashing_algorithm": "rabbit_password_hashing_sha256",
                    "tags": "",
                }
            ],
            "permissions": [{"user": USER, "vhost": VHOST, **everything}],
        }


def password_hash(password: str) -> str:
    """RabbitMQ's own form: base64 of a 4-byte salt and SHA-256(salt + password)."""
    salt = secrets.token_bytes(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
