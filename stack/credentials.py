"""Generated secrets: made once for each data directory, readable by its owner alone."""

import base64
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

NAMES = (
    "mysql_root",
    "mysql_identity",
    "mysql_orders",
    "mysql_wallet",
    "mysql_reader",
    "rabbitmq",
    "erlang_cookie",
    "redis",
    "mongo",
    "jwt_secret",
    "secrets_key",
    "ops_password",
    "compliance_password",
)


class Credentials(Mapping[str, str]):
    """The secrets of one data directory; never a default, never printed."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Credentials({', '.join(self._values)})"


def load_credentials(data_dir: Path) -> Credentials:
    """Read the secrets, making those that are missing."""
    path = data_dir / "credentials.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    values = {name: known.get(name) or _generate(name) for name in NAMES}
    if values != known:
        write_private(path, json.dumps(values, indent=2))
    return Credentials(values)


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, mode 0600 in a 0700 directory, never readable in between."""
    make_private(path.parent)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def make_private(directory: Path) -> None:
    """Make a directory that only its owner can enter."""
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)


def _generate(name: str) -> str:
    if name == "secrets_key":  # a Fernet key: 32 bytes in url-safe base64
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(32)
