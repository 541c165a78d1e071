"""`/v1`: register, obtain and renew tokens, log out."""

from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from api.bearer import CurrentCaller
from api.calls import charge_address
from api.dependencies import dependencies_of, ip_of
from api.documentation import errors
from api.errors import ApiError
from api.responses import json_response
from api.schemas import Registration, Tokens, User
from identity.errors import BadCredentials, InvalidToken, LockedOut, UsernameTaken
from identity.service import USERNAME, TokenPair

REGISTER_WEIGHT: Final = 50  # each costs an argon2 hash
LOGIN_WEIGHT: Final = 20
PASSWORD_LENGTH_MAX: Final = 128
FORM_FIELDS_MAX: Final = 10

router = APIRouter(prefix="/v1", tags=["identity"])


@router.post(
    "/users",
    status_code=201,
    summary="Register",
    responses=errors((409, -9001, "This name is taken.")),
)
async def register(request: Request, registration: Registration) -> User:
    """Create a trader."""
    await charge_address(request, REGISTER_WEIGHT)
    password = registration.password.get_secret_value()
    try:
        user_id = await dependencies_of(request).identity.register(
            registration.username, password, ip=ip_of(request)
        )
    except UsernameTaken as error:
        raise ApiError(409, -9001, "This name is taken.") from error
    return User(user_id=user_id, username=registration.username)


@router.post(
    "/oauth/token",
    summary="Obtain or renew tokens (OAuth2 password and refresh_token grants)",
    response_model=Tokens,
    responses={
        400: {"description": "invalid_request, invalid_grant or unsupported_grant_type"},
        429: {"description": "Too many failures; see Retry-After."},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {
                    "schema": {
                        "type": "object",
                        "required": ["grant_type"],
                        "properties": {
                            "grant_type": {"enum": ["password", "refresh_token"]},
                            "username": {"type": "string"},
                            "password": {"type": "string", "format": "password"},
                            "refresh_token": {"type": "string"},
                        },
                    },
                    "example": {
                        "grant_type": "password",
                        "username": "ada",
                        "password": "correct horse battery",
                    },
                }
            },
        }
    },
)
async def token(request: Request) -> Response:
    """A refresh token works once; used twice, it ends its session."""
    await charge_address(request, LOGIN_WEIGHT)
    form = await _form(request)
    identity = dependencies_of(request).identity
    try:
        if form.get("grant_type") == "password":
            username, password = form.get("username", ""), form.get("password", "")
            if not USERNAME.fullmatch(username) or not 0 < len(password) <= PASSWORD_LENGTH_MAX:
                return _refused("invalid_request", "username and password are required")
            pair = await identity.login(username, password, ip=ip_of(request))
        elif form.get("grant_type") == "refresh_token":
            pair = await identity.refresh(form.get("refresh_token", ""))
        else:
            return _refused("unsupported_grant_type", "password or refresh_token")
    except (BadCredentials, InvalidToken):
        return _refused("invalid_grant", "The credentials do not hold.")
    except LockedOut as locked:
        response = _refused("invalid_grant", "Too many failures; try again later.", status=429)
        response.headers["Retry-After"] = str(locked.retry_after_s)
        return response
    return json_response(_tokens(pair))


@router.post("/logout", status_code=204, summary="End this session")
async def logout(request: Request, caller: CurrentCaller) -> None:
    """Access and refresh tokens of the session stop working."""
    await dependencies_of(request).identity.logout(caller)


def _tokens(pair: TokenPair) -> dict[str, object]:
    return Tokens(
        access_token=pair.access_token,
        refresh_token=pair.refresh_token,
        expires_in=pair.expires_in_s,
    ).model_dump()


def _refused(error: str, description: str, status: int = 400) -> Response:
    """OAuth2's error shape (RFC 6749, section 5.2)."""
    return json_response({"error": error, "error_description": description}, status)


async def _form(request: Request) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            (await request.body()).decode(), errors="strict", max_num_fields=FORM_FIELDS_MAX
        )
    except ValueError:
        return {}
    return dict(pairs) if len(dict(pairs)) == len(pairs) else {}
