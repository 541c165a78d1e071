"""What a caller uses: counted where all gateways see it, shown in the headers of the answer."""

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request

from api.dependencies import Dependencies, dependencies_of
from api.errors import ApiError
from api.rate_limits import Admission, LimitReached, Window
from api.responses import add_headers

MINUTE_S: Final = 60
RAW_REQUESTS_S: Final = 5 * MINUTE_S
WEIGHT: Final = "weight"
RAW_REQUESTS: Final = "raw"
VIOLATIONS: Final = "violations"
VIOLATIONS_MAX: Final = (
    10  # answers of 429 within BAN_S, after which a caller is banned for the rest of it
)
BAN_S: Final = 120
TOO_MUCH: Final = -1003
NO_LIMIT: Final = 1 << 40


class Meter:
    """Counts one request for `subject`, by its weight and as one of however many.

    Whatever is asked here, one question to Redis answers.
    """

    def __init__(self, request: Request, subject: str) -> None:
        self._request = request
        self._subject = subject
        self._dependencies: Dependencies = dependencies_of(request)
        self._is_counted = False  # as a request
        self.has_admitted = False

    async def charge(self, weight: int) -> None:
        """Take the weight.

        Raises:
            ApiError: 429, or 418 for who goes on all the same; with the seconds to wait.
        """
        await self._admit(self._windows(taken=weight, needed=0), (), "")

    async def admit(
        self, weight: int, once: Sequence[Window] = (), memory_key: str = ""
    ) -> Admission:
        """Take nothing of the weight, though there must be room for it: `charge_failure` takes
        it if need be. Of `once` and the memory `RateLimits.admit` says more; what is answered
        is of `once` alone.

        Raises:
            ApiError: as `charge` does.
            LimitReached: it is one of `once`.
        """
        always = self._windows(taken=0, needed=weight)
        admission = await self._admit(always, once, memory_key)
        self.has_admitted = True
        return Admission(admission.used[len(always) :], admission.remembered)

    async def charge_failure(self, weight: int) -> None:
        """Take the weight of a request that was admitted, and has failed: its answer stands,
        whatever has come to its limit meanwhile."""
        window = self._window(WEIGHT, weight, NO_LIMIT, MINUTE_S)
        self._show_weight((await self._dependencies.rate_limits.take([window]))[0])

    async def _admit(
        self, always: Sequence[Window], once: Sequence[Window], memory_key: str
    ) -> Admission:
        try:
            admission = await self._dependencies.rate_limits.admit(always, once, memory_key)
        except LimitReached as reached:
            if reached.window in always:
                raise await self._too_much(reached) from reached
            self._is_counted = self.has_admitted = True
            self._show_weight(reached.taken[0])
            raise
        self._is_counted = True
        self._show_weight(admission.used[0])
        return admission

    def _windows(self, *, taken: int, needed: int) -> list[Window]:
        """Where weight is counted, where nothing is, but a banned caller is stopped, and where
        requests are. Of the weight that is `needed` nothing is taken, but it must be there."""
        settings = self._dependencies.settings
        requests = 0 if self._is_counted else 1
        return [
            self._window(WEIGHT, taken, settings.weight_per_minute - needed, MINUTE_S),
            self._window(VIOLATIONS, 0, VIOLATIONS_MAX - 1, BAN_S),
            self._window(RAW_REQUESTS, requests, settings.raw_requests_per_5m, RAW_REQUESTS_S),
        ]

    def _window(self, name: str, cost: int, limit: int, seconds: int) -> Window:
        return Window(name=name, subject=self._subject, cost=cost, limit=limit, seconds=seconds)

    async def _too_much(self, reached: LimitReached) -> ApiError:
        if reached.window.name == VIOLATIONS:
            return self._banned(reached)
        settings = self._dependencies.settings
        if reached.window.name == WEIGHT:
            self._show_weight(reached.used)
            what = f"Too much request weight used; current limit is {settings.weight_per_minute}"
            what += " request weight per 1 MINUTE."
        else:
            what = f"Too many requests; current limit is {settings.raw_requests_per_5m} requests"
            what += " per 5 MINUTE."
        try:
            violation = self._window(VIOLATIONS, 1, VIOLATIONS_MAX, BAN_S)
            await self._dependencies.rate_limits.take([violation])
        except LimitReached as once_more:
            return self._banned(once_more)
        return ApiError(
            429,
            TOO_MUCH,
            f"{what} Please use WebSocket Streams for live updates to avoid polling the API.",
            {"Retry-After": str(reached.retry_after_s)},
        )

    def _banned(self, reached: LimitReached) -> ApiError:
        until_ms = self._dependencies.clock_ms() + reached.retry_after_s * 1_000
        return ApiError(
            418,
            TOO_MUCH,
            f"Way too much request weight used; IP banned until {until_ms}. Please use WebSocket"
            " Streams for live updates to avoid bans.",
            {"Retry-After": str(reached.retry_after_s)},
        )

    def _show_weight(self, used: int) -> None:
        add_headers(
            self._request, {"X-MBX-USED-WEIGHT": str(used), "X-MBX-USED-WEIGHT-1M": str(used)}
        )
