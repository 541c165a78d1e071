"""The settings of a platform that is up, for commands that look into it from another terminal."""

import os
from pathlib import Path

import psutil

from config.settings import Settings
from stack.errors import StackError
from stack.status import read_status

READS_ALL = "gateway"  # the process that is given the reading logins and every address


class NotUp(StackError):
    """There is nothing to look into."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(f"TradeFlow is not up in {data_dir}: start it with `tradeflow up`.")


def running_settings(data_dir: Path) -> Settings:
    """What the gateway of that directory was given; without one, this process's own variables.

    Addresses and logins live in the environment of processes alone, readable by their user.

    Raises:
        NotUp: nothing runs there, and no variable says where else to look.
    """
    status = read_status(data_dir)
    if status is None:
        if any(name.startswith("TRADEFLOW_MYSQL__READER") for name in os.environ):
            return Settings()
        raise NotUp(data_dir)
    try:
        return Settings.from_environment(psutil.Process(status.processes[READS_ALL]).environ())
    except (KeyError, psutil.Error) as error:
        raise NotUp(data_dir) from error
