"""How far a query may reach: the times that it names, and how many rows it answers."""

from typing import Final

from api.errors import bad_combination, bad_request
from api.parameters import Parameters

ROWS_DEFAULT: Final = 500
ROWS_MAX: Final = 1_000
LOOKUP_MS_MAX: Final = 24 * 3_600_000


def read_times(parameters: Parameters) -> tuple[int | None, int | None]:
    """`startTime` and `endTime`, in ms: in order, and no more than a day apart.

    Raises:
        ApiError: they are not.
    """
    start_ms, end_ms = parameters.number("startTime"), parameters.number("endTime")
    if start_ms is not None and end_ms is not None:
        if start_ms > end_ms:
            raise bad_combination()
        if end_ms - start_ms > LOOKUP_MS_MAX:
            raise bad_request(-1127, "More than 24 hours between startTime and endTime.")
    return start_ms, end_ms
