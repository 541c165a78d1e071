"""How every command speaks: one console, errors as one plain message, true exit statuses."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec, TypeVar

import typer
from rich.console import Console

from stack.errors import StackError

P = ParamSpec("P")
R = TypeVar("R")

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir",
        envvar="TRADEFLOW_DATA_DIR",
        help="Where data, logs and secrets are kept.",
        file_okay=False,
        resolve_path=True,
    ),
]


def fail(message: str, status: int = 1) -> typer.Exit:
    """Print an error; raise what is returned."""
    errors.print(message, style="red", markup=False, soft_wrap=True)
    return typer.Exit(status)


def reports_errors(command: Callable[P, R]) -> Callable[P, R]:
    """An expected failure is a message and exit status 1, not a stack trace."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except StackError as error:
            raise fail(str(error)) from None

    return wrapped
