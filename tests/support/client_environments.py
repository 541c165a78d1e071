"""Real clients, each in a virtual environment of its own, and scripts that run in them.

Two of them install a package called `binance`, so that they could not share one. An environment
is made once for each content of its requirements file and kept in `.tradeflow/clients`.
"""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Final

from stack.paths import DEFAULT_DATA_DIR, ROOT

REQUIREMENTS: Final = ROOT / "requirements" / "clients"
SCRIPTS: Final = ROOT / "tests" / "e2e" / "clients" / "scripts"
INSTALL_LIMIT_S: Final = 600
INHERITED: Final = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
MOST_TOLD: Final = 6_000  # characters of what a client that failed has said


class ClientFailed(AssertionError):
    """The client's process ended with an error, or not in time."""


async def client_python(name: str) -> Path:
    """The interpreter of that client's environment, made where there is none yet."""
    requirements = REQUIREMENTS / f"{name}.txt"
    digest = sha256(requirements.read_bytes()).hexdigest()[:12]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    home = DEFAULT_DATA_DIR / "clients" / f"{name}-{version}-{digest}"
    python, complete = home / "bin" / "python", home / "complete"
    if not complete.exists():
        _tell(f"making the environment of {name} in {home} (once)")
        shutil.rmtree(home, ignore_errors=True)
        await _run(sys.executable, "-m", "venv", str(home))
        try:
            uv = Path(sys.executable).parent / "uv"
            into = ("--python", str(python), "--require-hashes", "-r", str(requirements))
            await _run(str(uv), "pip", "install", "--quiet", *into)
        except ClientFailed:  # pip knows the indexes that pip is configured with
            quiet = ("--quiet", "--disable-pip-version-check")
            hashed = ("--require-hashes", "-r", str(requirements))
            await _run(str(python), "-m", "pip", "install", *quiet, *hashed)
        complete.touch()
        _tell(f"{name} is installed")
    return python


async def run_client(
    name: str, script: str, environment: Mapping[str, str], *, limit_s: float = 90.0
) -> Any:
    """Run `scripts/<script>.py` in that client's environment; returns what it printed last,
    read as JSON.

    Raises:
        ClientFailed: it ended with an error, or not within `limit_s`; tells what it has said.
    """
    return await run_script(
        await client_python(name), SCRIPTS / f"{script}.py", environment, limit_s
    )


async def run_script(
    python: Path, script: Path, environment: Mapping[str, str], limit_s: float
) -> Any:
    """The same with an interpreter and a file of one's own."""
    said = await output_of(python, script, environment, limit_s=limit_s)
    return json.loads(said.strip().splitlines()[-1]) if said.strip() else None


async def output_of(
    python: Path,
    script: Path,
    environment: Mapping[str, str],
    *,
    limit_s: float,
    directory: Path | None = None,
) -> str:
    """All that the script printed. Raises ClientFailed as `run_client` does."""
    return await _run(
        str(python), str(script), environment=environment, limit_s=limit_s, directory=directory
    )


async def _run(
    *command: str,
    environment: Mapping[str, str] | None = None,
    limit_s: float = INSTALL_LIMIT_S,
    directory: Path | None = None,
) -> str:
    """What the command wrote to its standard output."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    with TemporaryFile() as said, TemporaryFile() as complained:
        process = await asyncio.create_subprocess_exec(
            *command,
            env={**inherited, **(environment or {})},
            cwd=directory,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
            start_new_session=True,
        )
        in_time = True
        try:
            async with asyncio.timeout(limit_s):
                await process.wait()
        except TimeoutError:
            in_time = False
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode:
            how = f"with {process.returncode}" if in_time else f"not within {limit_s} s"
            told = _text(said)[-MOST_TOLD:] + _text(complained)[-MOST_TOLD:]
            raise ClientFailed(f"{' '.join(command)} ended {how}:\n{told}")
        return _text(said)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _tell(news: str) -> None:
    """Progress, past pytest's capture: an installation takes a minute."""
    print(news, file=sys.__stderr__, flush=True)
