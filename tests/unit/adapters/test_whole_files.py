"""A file is there whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.whole_files import keep_newest, write_whole


def test_a_file_replaces_the_one_before_it(tmp_path: Path) -> None:
    path = tmp_path / "new directory" / "1.kept"
    write_whole(path, [b"one\n"])
    write_whole(path, [b"two\n", b"three\n"])

    assert path.read_bytes() == b"two\nthree\n"
    assert list(path.parent.iterdir()) == [path]


def lines_that_break() -> Iterator[bytes]:
    yield b"one\n"
    raise ValueError("no more")


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "1.kept"
    write_whole(path, [b"one\n"])

    with pytest.raises(ValueError, match="no more"):
        write_whole(path, lines_that_break())

    assert path.read_bytes() == b"one\n"
    assert list(tmp_path.iterdir()) == [path]


def test_the_last_by_name_are_kept_and_nothing_abandoned(tmp_path: Path) -> None:
    for name in (
        "1.kept",
        "2.kept",
        "3.kept",
        "x.kept",
        "0.other",
        "4.17.unfinished",
        "5.18.unfinished",
    ):
        (tmp_path / name).write_bytes(b"")
    os.utime(tmp_path / "4.17.unfinished", (0, 0))

    keep_newest(tmp_path, "[0-9].kept", 2)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "0.other",
        "2.kept",
        "3.kept",
        "5.18.unfinished",
        "x.kept",
    ]
