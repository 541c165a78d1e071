"""`tradeflow reset`: throws every balance, order and login away."""

import shutil
from typing import Annotated

import typer

from cli.output import DataDir, console, reports_errors
from stack.errors import AlreadyRunning
from stack.lock import owner
from stack.paths import DEFAULT_DATA_DIR

KEPT = "lib"  # downloads, the same for every data directory


@reports_errors
def reset(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete all data, logs and secrets. Refused while the platform is up."""
    pid = owner(data_dir)
    if pid is not None:
        raise AlreadyRunning(data_dir, pid)
    if not (data_dir / "credentials.json").exists():
        console.print(f"There is nothing in {data_dir}.")
        return
    if not yes:
        typer.confirm(f"Delete all balances, orders and logins in {data_dir}?", abort=True)
    for path in data_dir.iterdir():
        if path.is_dir() and path.name != KEPT:
            shutil.rmtree(path)
        elif not path.is_dir():
            path.unlink()
    console.print("The next start begins from nothing.")
