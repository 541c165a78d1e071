"""The gateway as an ASGI application, made from whatever dependencies it is given."""

from types import ModuleType
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from api import pages
from api.dependencies import Dependencies
from api.documentation import SECURITY_SCHEMES
from api.errors import ApiError
from api.middleware import BodyTooLarge, Surroundings, defect, too_large
from api.payload_schemas import add_payload_schemas
from api.responses import error_response, json_response
from api.routes import (
    account,
    api_keys,
    audit,
    executions,
    funds,
    general,
    health,
    market_data,
    markets,
    operations,
    order_changes,
    order_lists,
    order_queries,
    orders,
    sagas,
    stubs,
    users,
)
from api.stream import binance_sockets, listen_keys_api, sockjs, stomp, ws_api

TITLE = "TradeFlow"
VERSION = "0.1.0"
_ROUTERS = (
    general,
    market_data,
    account,
    orders,
    order_changes,
    order_lists,
    order_queries,
    executions,
    stubs,
    users,
    api_keys,
    funds,
    listen_keys_api,
)
_OPERATIONS = (sagas, markets, operations, audit, health)
_SOCKETS: Final[tuple[ModuleType, ...]] = (binance_sockets, ws_api, stomp, sockjs)
"""Modules of `api.stream` with WebSocket routes."""


def create_app(dependencies: Dependencies) -> ASGIApp:
    """The whole gateway."""
    return Surroundings(create_routes(dependencies), dependencies.settings.max_body_bytes)


def create_routes(dependencies: Dependencies) -> FastAPI:
    """The routes without what surrounds them; the OpenAPI document comes from here."""
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        description="Spot trading in Binance's dialect under `/api/v3` (signed with an API key),"
        " and TradeFlow's own resources under `/v1` (bearer token). Amounts are decimal text.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.dependencies = dependencies
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(BodyTooLarge, _too_large)
    app.add_exception_handler(Exception, _defect)
    for module in (*_ROUTERS, *_OPERATIONS, *_SOCKETS):
        app.include_router(module.router)
    pages.add_documentation(app)
    _complete_document(app)
    pages.add_interface(app, dependencies.ui_dir)
    return app


async def _api_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return error_response(error)


async def _http_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers or {})
    return error_response(ApiError(error.status_code, -1000, f"{error.detail}.", headers))


async def _too_large(_: Request, __: Exception) -> Response:
    return error_response(too_large())


async def _defect(_: Request, __: Exception) -> Response:
    return error_response(defect())


async def _invalid(_: Request, error: Exception) -> Response:
    """Say which fields are wrong and why, never what they held: it may be a password."""
    if not isinstance(error, RequestValidationError):
        raise error
    fields = [
        {"field": ".".join(str(part) for part in e["loc"]), "error": str(e["msg"])}
        for e in error.errors()
    ]
    return json_response({"code": -1130, "msg": "The request is not valid.", "fields": fields}, 422)


def _complete_document(app: FastAPI) -> None:
    """Add the API-key scheme and the payloads' schemas to the document that FastAPI writes."""
    write = app.openapi

    def openapi() -> dict[str, Any]:
        document = write()  # FastAPI keeps it: what is added twice is the same
        add_payload_schemas(document)
        schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
        schemes.update(SECURITY_SCHEMES)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI says to
