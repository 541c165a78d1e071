"""`/api/v3/userDataStream`: make, extend and end a listenKey, where the operator offers them.

They need an API key in the header and no signature, as they did on Binance. Where they are not
offered the answer is 410, as it is on Binance now.
"""

from typing import Final

from fastapi import APIRouter, Request, Response

from api.calls import charge_address, charge_user
from api.dependencies import dependencies_of
from api.errors import ApiError, bad_request, unauthorized_key
from api.parameters import Parameters
from api.responses import json_response
from api.stream.listen_keys import ListenKeys
from identity.api_keys import KEY_FORMAT

WEIGHT: Final = 2
PATH: Final = "/api/v3/userDataStream"

router = APIRouter(include_in_schema=False)


@router.post(PATH)
async def create(request: Request) -> Response:
    """A key that is valid for 60 minutes."""
    keys, user_id = await _caller(request)
    (await _parameters(request)).finish()
    return json_response({"listenKey": await keys.create(user_id)})


@router.put(PATH)
async def extend(request: Request) -> Response:
    """Another 60 minutes from now."""
    keys, user_id = await _caller(request)
    if not await keys.extend(user_id, await _listen_key(request)):
        raise _unknown()
    return json_response({})


@router.delete(PATH)
async def end(request: Request) -> Response:
    """Nobody can connect by this key any more."""
    keys, user_id = await _caller(request)
    if not await keys.end(user_id, await _listen_key(request)):
        raise _unknown()
    return json_response({})


async def _caller(request: Request) -> tuple[ListenKeys, int]:
    dependencies = dependencies_of(request)
    if dependencies.listen_keys is None:
        await charge_address(request, WEIGHT)
        raise ApiError(
            410,
            -1020,
            "This operation is not supported: listenKeys are gone. Use"
            " userDataStream.subscribe.signature of the WebSocket API.",
        )
    api_key = request.headers.get("X-MBX-APIKEY", "")
    if not KEY_FORMAT.fullmatch(api_key):
        await charge_address(request, WEIGHT)
        raise ApiError(401, -2014, "API-key format invalid.")
    credential = await dependencies.api_keys.find(api_key)
    if credential is None:
        await charge_address(request, WEIGHT)
        raise unauthorized_key()
    await charge_user(request, credential.user_id, WEIGHT)
    return dependencies.listen_keys, credential.user_id


async def _listen_key(request: Request) -> str:
    parameters = await _parameters(request)
    key = parameters.required("listenKey")
    parameters.finish()
    return key


async def _parameters(request: Request) -> Parameters:
    query: bytes = request.scope["query_string"]
    return Parameters(query, await request.body())


def _unknown() -> ApiError:
    return bad_request(-1125, "This listenKey does not exist.")
