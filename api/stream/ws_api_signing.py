"""Who signed a request of the WebSocket API: the checks of signed REST requests, in their order."""

import hmac

from api.calls import Verified
from api.dependencies import Dependencies
from api.errors import ApiError, bad_request, missing, unauthorized_key
from api.parameters import SIGNATURE, Parameters
from api.signature import signature_of, verify_time
from api.stream.ws_api_requests import Request
from identity.api_keys import KEY_FORMAT


async def authenticated(request: Request, dependencies: Dependencies) -> Verified:
    """Who has signed this request.

    Raises:
        ApiError: -1102 (apiKey, timestamp or signature is missing), -2014, -2015, -1021, -1022.
    """
    values = request.values
    for name in ("apiKey", "timestamp", "signature"):
        if not values.get(name):
            raise missing(name)
    if not KEY_FORMAT.fullmatch(values["apiKey"]):
        raise ApiError(401, -2014, "API-key format invalid.")
    parameters = Parameters(request.query())
    parameters.required("timestamp")
    sent = _signature(request)
    credential = await dependencies.api_keys.find(values["apiKey"])
    if credential is None:
        raise unauthorized_key()
    verify_time(parameters, dependencies.clock_ms())
    expected = signature_of(credential.secret, request.signed_payload())
    if not hmac.compare_digest(expected, sent.lower()):
        raise bad_request(-1022, "Signature for this request is not valid.")
    return Verified(credential, sent)


def _signature(request: Request) -> str:
    pair = f"signature={request.values['signature']}"
    return Parameters(pair.encode(errors="replace")).required("signature", SIGNATURE)
