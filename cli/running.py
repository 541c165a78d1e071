"""The settings of a platform that is up, for commands that look into it from another terminal."""

import os
from pathlib import Path

from config.settings import Settings
from stack.errors import StackError
from stack.tools import read_tools


class NotUp(StackError):
    """There is nothing to look into."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(f"TradeFlow is not up in {data_dir}: start it with `tradeflow up`.")


def running_settings(data_dir: Path) -> Settings:
    """What reading tools may use of that directory's platform, or this process's own variables.

    Raises:
        NotUp: nothing runs there, and no variable says where else to look.
    """
    found = read_tools(data_dir)
    if found is not None:
        return found
    if any(name.startswith("TRADEFLOW_MYSQL__READER") for name in os.environ):
        return Settings()
    raise NotUp(data_dir)
