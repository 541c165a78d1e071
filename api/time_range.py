"""How far a query may reach: the times that it names, and how many rows it answers."""

import re
from typing import Final

from api.errors import bad_combination, bad_request, invalid_data
from api.parameters import Parameters
from api.time_unit import from_either_unit

ROWS_DEFAULT: Final = 500
ROWS_MAX: Final = 1_000
LOOKUP_MS_MAX: Final = 24 * 3_600_000
_OFFSET: Final = re.compile(r"([+-]?)([0-9]{1,2})(?::([0-5][0-9]))?")
_OFFSET_MIN, _OFFSET_MAX = -12 * 60, 14 * 60


def read_times(parameters: Parameters) -> tuple[int | None, int | None]:
    """`startTime` and `endTime`, in ms: in order, and no more than a day apart.

    Raises:
        ApiError: they are not.
    """
    start_ms, end_ms = read_span(parameters)
    if start_ms is not None and end_ms is not None and end_ms - start_ms > LOOKUP_MS_MAX:
        raise bad_request(-1127, "More than 24 hours between startTime and endTime.")
    return start_ms, end_ms


def read_span(parameters: Parameters) -> tuple[int | None, int | None]:
    """The same however far apart.

    Raises:
        ApiError: the end is before the start.
    """
    start_ms, end_ms = _moment(parameters, "startTime"), _moment(parameters, "endTime")
    if start_ms is not None and end_ms is not None and start_ms > end_ms:
        raise bad_combination()
    return start_ms, end_ms


def _moment(parameters: Parameters, name: str) -> int | None:
    """In ms, whether it was sent in ms or in microseconds."""
    sent = parameters.number(name)
    return None if sent is None else from_either_unit(sent)


def read_offset(parameters: Parameters) -> int:
    """`timeZone`, as ms ahead of UTC: `8`, `-1:00`, `05:45`; from -12:00 to +14:00.

    Raises:
        ApiError: it is none.
    """
    sent = parameters.text("timeZone")
    if sent is None:
        return 0
    found = _OFFSET.fullmatch(sent.strip())  # a plus sign in a query is a space
    if found is not None:
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        minutes = -minutes if found[1] == "-" else minutes
        if _OFFSET_MIN <= minutes <= _OFFSET_MAX:
            return minutes * 60_000
    raise invalid_data("timeZone")
