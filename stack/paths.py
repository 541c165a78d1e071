"""Where things are."""

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
DEFAULT_DATA_DIR = ROOT / ".tradeflow"


def shared_lib_dir() -> Path:
    """Where downloads are kept: all data directories share them."""
    return Path(os.environ.get("TRADEFLOW_LIB_DIR", DEFAULT_DATA_DIR / "lib"))
