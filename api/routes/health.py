"""Is the platform well (`/v1/health`), and is this process alive (`/healthz`)?"""

from fastapi import APIRouter, Request, Response

from api.dependencies import dependencies_of
from api.responses import json_response
from api.schemas import HealthInfo

router = APIRouter(tags=["health"])


@router.get("/v1/health", summary="The health of every component", response_model=HealthInfo)
async def health(request: Request) -> Response:
    """Always 200: the report itself says what is down. Asked at most once a second."""
    return json_response(await dependencies_of(request).health.report())


@router.get("/healthz", include_in_schema=False)
async def alive(request: Request) -> Response:
    """This process answers, and says what its WebSockets have done since it began."""
    sockets = dependencies_of(request).stream_figures.as_json()
    return json_response({"status": "ok", "sockets": sockets})
