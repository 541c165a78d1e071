"""`/v1/api-keys`: keys for the signed API."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from api.bearer import CurrentCaller
from api.dependencies import dependencies_of, ip_of
from api.documentation import errors
from api.errors import ApiError, not_found
from api.schemas import ApiKeyInfo, ApiKeyRequest, ApiKeyWithSecret
from identity.errors import TooManyApiKeys

router = APIRouter(prefix="/v1/api-keys", tags=["identity"])


@router.post(
    "",
    status_code=201,
    summary="Create an API key",
    responses=errors((409, -9002, "Too many API keys.")),
)
async def create(request: Request, body: ApiKeyRequest, caller: CurrentCaller) -> ApiKeyWithSecret:
    """The secret is in this answer and nowhere else."""
    try:
        made = await dependencies_of(request).api_keys.create(
            caller.user_id, body.label, can_trade=body.can_trade, ip=ip_of(request)
        )
    except TooManyApiKeys as error:
        raise ApiError(409, -9002, "Too many API keys.") from error
    return ApiKeyWithSecret(
        api_key=made.api_key,
        label=made.label,
        can_trade=made.can_trade,
        created_at_ms=made.created_at_ms,
        secret=made.secret,
    )


@router.get("", summary="List API keys")
async def listed(request: Request, caller: CurrentCaller) -> list[ApiKeyInfo]:
    """Without their secrets, which nobody can read again."""
    keys = await dependencies_of(request).api_keys.of_user(caller.user_id)
    return [
        ApiKeyInfo(
            api_key=key.api_key,
            label=key.label,
            can_trade=key.can_trade,
            created_at_ms=key.created_at_ms,
        )
        for key in keys
    ]


@router.delete(
    "/{api_key}",
    status_code=204,
    summary="Revoke an API key",
    responses=errors((404, -1000, "Not found.")),
)
async def revoke(
    request: Request,
    api_key: Annotated[str, Path(pattern=r"^[A-Za-z0-9]{64}$")],
    caller: CurrentCaller,
) -> None:
    """Requests under the key are refused from now on (on other gateways within seconds)."""
    keys = dependencies_of(request).api_keys
    if not await keys.revoke(caller.user_id, api_key, ip=ip_of(request)):
        raise not_found()
