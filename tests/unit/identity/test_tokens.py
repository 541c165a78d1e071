"""Access tokens: what is refused."""

import base64
import json
import time
from typing import Any

import jwt
import pytest

from contracts.identity import Role
from identity.errors import InvalidToken
from identity.tokens import AccessTokens, Caller, WeakSecret

SECRET = "a secret of at least thirty-two bytes"
CALLER = Caller(7, Role.TRADER, "session-1")


def claims(**changes: object) -> dict[str, Any]:
    now = int(time.time())
    good: dict[str, Any] = {
        "iss": "tradeflow",
        "aud": "tradeflow-api",
        "sub": "7",
        "exp": now + 60,
        "iat": now,
        "jti": "x",
        "typ": "access",
        "sid": "session-1",
        "role": "trader",
    }
    return {k: v for k, v in {**good, **changes}.items() if v is not None}


def test_an_issued_token_reads_back() -> None:
    tokens = AccessTokens(SECRET)
    assert tokens.read(tokens.issue(CALLER)) == CALLER


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"aud": "another-api"},
        {"exp": 1},
        {"typ": "refresh"},
        {"role": "god"},
        {"sub": "not a number"},
        *({name: None} for name in ("iss", "aud", "sub", "exp", "iat", "jti", "typ", "sid")),
    ],
)
def test_a_token_with_a_wrong_or_missing_claim_is_refused(changes: dict[str, object]) -> None:
    token = jwt.encode(claims(**changes), SECRET, algorithm="HS256")
    with pytest.raises(InvalidToken):
        AccessTokens(SECRET).read(token)


def test_a_token_without_a_signature_is_refused() -> None:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    for header in ({"alg": "none", "typ": "JWT"}, {"alg": "None"}, {}):
        with pytest.raises(InvalidToken):
            AccessTokens(SECRET).read(f"{part(header)}.{part(claims())}.")


def test_another_algorithm_or_secret_is_refused() -> None:
    longer = SECRET * 2
    for token in (
        jwt.encode(claims(), longer, algorithm="HS512"),
        jwt.encode(claims(), longer, algorithm="HS256"),
    ):
        with pytest.raises(InvalidToken):
            AccessTokens(SECRET).read(token)


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "é.é.é", "." * 100])
def test_garbage_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        AccessTokens(SECRET).read(text)


def test_a_short_secret_stops_the_start() -> None:
    with pytest.raises(WeakSecret):
        AccessTokens("short")
