"""Access tokens: signed, short-lived, one algorithm. Refresh tokens: random, stored hashed."""

import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from typing import Final
from uuid import uuid4

import jwt
import msgspec

from contracts.identity import Role
from identity.errors import InvalidToken

ALGORITHM: Final = "HS256"
ISSUER: Final = "tradeflow"
AUDIENCE: Final = "tradeflow-api"
TOKEN_TYPE: Final = "access"  # noqa: S105  (a claim, not a secret)
ACCESS_TTL_S: Final = 900
REFRESH_TTL_S: Final = 14 * 24 * 3600
SECRET_BYTES_MIN: Final = 32
_CLAIMS: Final = ["iss", "aud", "sub", "exp", "iat", "jti", "typ", "sid", "role"]


class WeakSecret(ValueError):
    """The signing secret is missing or too short to sign with."""


class Caller(msgspec.Struct, frozen=True):
    """Who an access token speaks for."""

    user_id: int
    role: Role
    session_id: str


class AccessTokens:
    """Issues and reads access tokens."""

    def __init__(self, secret: str, clock_s: Callable[[], float] = time.time) -> None:
        if len(secret.encode()) < SECRET_BYTES_MIN:
            raise WeakSecret(f"the JWT secret needs at least {SECRET_BYTES_MIN} bytes")
        self._secret = secret
        self._clock_s = clock_s

    def issue(self, caller: Caller) -> str:
        """Return a token that is good for `ACCESS_TTL_S`."""
        now = int(self._clock_s())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(caller.user_id),
            "exp": now + ACCESS_TTL_S,
            "iat": now,
            "jti": str(uuid4()),
            "typ": TOKEN_TYPE,
            "sid": caller.session_id,
            "role": caller.role.value,
        }
        return jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def read(self, token: str) -> Caller:
        """Return the caller of a valid token.

        Raises:
            InvalidToken: forged, expired, of another kind, or signed in another way.
        """
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={"require": _CLAIMS, "verify_exp": False, "verify_iat": False},
            )
            if claims["typ"] != TOKEN_TYPE or int(claims["exp"]) <= self._clock_s():
                raise InvalidToken("expired, or not an access token")
            return Caller(int(claims["sub"]), Role(claims["role"]), str(claims["sid"]))
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise InvalidToken(type(error).__name__) from error


def new_refresh_token() -> str:
    """256 random bits that only the client keeps."""
    return secrets.token_urlsafe(32)


def refresh_token_hash(token: str) -> str:
    """What is stored of a refresh token; with 256 bits of entropy a plain hash suffices."""
    return sha256(token.encode()).hexdigest()
