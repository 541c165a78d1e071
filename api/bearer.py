"""Who calls `/v1`: the user of the access token in the Authorization header."""

from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from api.calls import charge_address, charge_user
from api.dependencies import dependencies_of
from api.errors import ApiError, unauthorized_token
from contracts.identity import Role
from identity.errors import InvalidToken
from identity.tokens import Caller

CALL_WEIGHT: Final = 1
_scheme = OAuth2PasswordBearer(tokenUrl="/v1/oauth/token", auto_error=False)


async def current_caller(
    request: Request, token: Annotated[str | None, Depends(_scheme)]
) -> Caller:
    """The caller, charged for the call.

    Raises:
        ApiError: 401, where there is no token or it does not hold.
    """
    try:
        if token is None:
            raise InvalidToken("no token")
        caller = await dependencies_of(request).identity.authenticate(token)
    except InvalidToken as error:
        await charge_address(request, CALL_WEIGHT)
        raise unauthorized_token() from error
    await charge_user(request, caller.user_id, CALL_WEIGHT)
    return caller


CurrentCaller = Annotated[Caller, Depends(current_caller)]


async def current_ops(caller: CurrentCaller) -> Caller:
    """The caller, who must be of role ops. Raises ApiError: 403."""
    if caller.role is not Role.OPS:
        raise ApiError(403, -1002, "You are not authorized to execute this request.")
    return caller


CurrentOps = Annotated[Caller, Depends(current_ops)]


async def current_compliance(caller: CurrentCaller) -> Caller:
    """The caller, who must be of role compliance. Raises ApiError: 403."""
    if caller.role is not Role.COMPLIANCE:
        raise ApiError(403, -1002, "You are not authorized to execute this request.")
    return caller


CurrentCompliance = Annotated[Caller, Depends(current_compliance)]
