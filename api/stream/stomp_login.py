"""Whom a STOMP session speaks for, asked again while it lasts: a token ends before its socket."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from api.stream.stomp_frames import POLICY_VIOLATION, TRY_AGAIN_LATER, StompError
from identity.errors import InvalidToken
from identity.tokens import Caller

RECHECK_S: Final = 30.0  # an expired token, or a session that was logged out, is noticed so soon
TIMEOUT_S: Final = 3.0
RENEW: Final = (
    "Get a new access token from POST /v1/oauth/token and connect again with the header"
    " Authorization:Bearer and the token."
)

log = structlog.get_logger()
Authenticate = Callable[[str], Awaitable[Caller]]
"""The caller of an access token. Raises InvalidToken."""


class Login:
    """The user of one session, or nobody."""

    def __init__(self, authenticate: Authenticate, clock_s: Callable[[], float]) -> None:
        self._authenticate = authenticate
        self._clock_s = clock_s
        self._token: str | None = None
        self._check_at = math.inf
        self.user_id: int | None = None

    async def enter(self, token: str) -> None:
        """Log in with an access token.

        Raises:
            StompError: it does not hold, or nobody can say.
        """
        caller = await self._caller(token)
        self._token, self.user_id = token, caller.user_id
        self._check_at = self._clock_s() + RECHECK_S

    async def renew(self, token: str) -> None:
        """Go on with a newer token of the same user.

        Raises:
            StompError: it does not hold, or nobody can say, or it is not this user's.
        """
        if self.user_id is None:
            raise StompError("Nobody is logged in", RENEW, code=POLICY_VIOLATION)
        caller = await self._caller(token)
        if caller.user_id != self.user_id:
            raise StompError(
                "The access token is another user's",
                "Open another socket for another user.",
                code=POLICY_VIOLATION,
            )
        self._token, self._check_at = token, self._clock_s() + RECHECK_S

    def check_in(self) -> float:
        """Seconds until `check` is due; endless for nobody."""
        return max(self._check_at - self._clock_s(), 0.0)

    async def check(self) -> None:
        """Ask again when it is time. Raises StompError where the token holds no longer.

        While the session cannot be looked up, the token's own end still counts.
        """
        if self._token is None or self._clock_s() < self._check_at:
            return
        self._check_at = self._clock_s() + RECHECK_S
        checked = self._token
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await self._authenticate(checked)
        except InvalidToken:
            if self._token != checked:
                return  # a newer one came meanwhile
            raise StompError(
                "The access token has expired or its session has ended",
                RENEW,
                code=POLICY_VIOLATION,
            ) from None
        except Exception as error:
            log.warning("stomp.recheck_failed", error=repr(error))

    async def _caller(self, token: str) -> Caller:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await self._authenticate(token)
        except InvalidToken:
            raise StompError(
                "The access token is wrong or has expired", RENEW, code=POLICY_VIOLATION
            ) from None
        except Exception as error:
            log.warning("stomp.login_failed", error=repr(error))
            raise StompError(
                "The access token cannot be checked now",
                "Connect again in a few seconds.",
                code=TRY_AGAIN_LATER,
            ) from error
