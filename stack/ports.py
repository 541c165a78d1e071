"""Which port each server listens on: fixed for what people type, otherwise any that is free."""

import secrets
import socket
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from stack.errors import PortTaken

LOOPBACK = "127.0.0.1"
FREE_RANGE = (20_000, 32_000)  # below Linux's ephemeral range, or a client socket takes it first


class PortChoice(StrEnum):
    """Fixed: the ports people know. Free: for tests, and beside another platform."""

    FIXED = "fixed"
    FREE = "free"


FIXED: dict[str, tuple[int, str]] = {
    "gateway": (8000, "--port (0 takes a free one)"),
    "temporal": (7233, "--temporal-port (0 takes a free one)"),
    "temporal_ui": (8233, "--temporal-ui-port (0 takes a free one)"),
}
"""Ports that people and tools are told about: taken is an error that names the setting."""

USUAL: dict[str, int] = {
    "mysql": 3306,
    "rabbitmq": 5672,
    "kafka": 9092,
    "redis": 6379,
    "mongo": 27017,
}
"""Ports only our own processes use: the usual one if it is free, or else any."""


def choose_ports(
    names: Iterable[str],
    choice: PortChoice,
    wanted: Mapping[str, int] | None = None,
    taken: Iterable[int] = (),
) -> dict[str, int]:
    """A port for each name, none of the taken. `wanted` overrides fixed ones; 0: any free one."""
    wanted = wanted or {}
    used = set(taken)
    chosen: dict[str, int] = {}
    for name in names:
        port = wanted.get(name)
        if port is None and choice is PortChoice.FIXED:
            port = FIXED[name][0] if name in FIXED else USUAL.get(name, 0)
        if not port or (name in USUAL and name not in wanted and not is_free(port)):
            port = free_port(used)
        elif port in used or not is_free(port):
            raise PortTaken(name, port, FIXED[name][1] if name in FIXED else f"the {name} port")
        used.add(port)
        chosen[name] = port
    return chosen


def free_port(taken: Collection[int] = ()) -> int:
    """A loopback port that nobody listens on now."""
    first, last = FREE_RANGE
    for _ in range(1000):
        port = first + secrets.randbelow(last - first)
        if port not in taken and is_free(port):
            return port
    raise PortTaken("a server", first, "a machine with fewer listeners")


def is_free(port: int) -> bool:
    """Whether a server could listen on it; waiting connections of a past one do not count."""
    for host in (LOOPBACK, "0.0.0.0"):  # noqa: S104  # nosec B104 - only probed
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True
