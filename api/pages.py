"""Pages: the built user interface at `/`, and the API's documentation at `/docs`."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

SWAGGER_PACKAGE = "fastapi_offline"  # only its copy of Swagger UI is used: no CDN at run time
_API_PREFIXES = ("api/", "v1/", "sapi/", "fapi/", "dapi/")


class SinglePage(StaticFiles):
    """Files of the built interface; any other path is one of its own views."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, or the index for paths that only the interface knows."""
        if path.startswith(_API_PREFIXES):
            raise HTTPException(404)  # whatever the method: nothing of the API is here
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            is_view = "." not in Path(path).name
            if error.status_code != 404 or not is_view or self.directory is None:
                raise
            return FileResponse(Path(self.directory) / "index.html")


def add_documentation(app: FastAPI) -> None:
    """Serve Swagger UI from this machine where its package is installed."""
    found = find_spec(SWAGGER_PACKAGE)
    assets = Path(found.origin).parent / "static" if found and found.origin else None
    if assets is not None and assets.is_dir():
        app.mount("/docs/assets", StaticFiles(directory=assets), name="docs-assets")

    @app.get("/docs", include_in_schema=False)
    async def documentation() -> HTMLResponse:
        if assets is None:
            return HTMLResponse(
                "<p>The interactive documentation is not installed. The same facts, as JSON:"
                ' <a href="/openapi.json">/openapi.json</a>.</p>'
            )
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=app.title,
            swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css",
            swagger_favicon_url="/docs/assets/favicon.png",
        )


def add_interface(app: FastAPI, ui_dir: Path | None) -> None:
    """Serve the interface where it was built. Mounted last: it takes every other path."""
    if ui_dir is not None and (ui_dir / "index.html").is_file():
        app.mount("/", SinglePage(directory=ui_dir, html=True), name="ui")
