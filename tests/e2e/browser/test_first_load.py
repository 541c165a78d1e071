"""What a browser has to load before the first page is there."""

import gzip
import re
from typing import Final

from stack.paths import ROOT

DIST: Final = ROOT / "ui" / "dist"
FIRST_LOAD_BYTES_MAX: Final = 300_000  # of JavaScript, compressed
SCRIPT: Final = re.compile(r'(?:src|href)="/(assets/[^"]+\.js)"')


def test_the_first_load_is_small() -> None:
    scripts = set(SCRIPT.findall((DIST / "index.html").read_text()))
    assert scripts
    size = sum(len(gzip.compress((DIST / script).read_bytes())) for script in scripts)
    assert size < FIRST_LOAD_BYTES_MAX
