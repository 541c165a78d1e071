"""Writes the gateway's OpenAPI document: `python -m api.export`. No server is needed."""

from pathlib import Path
from typing import Any, Final, cast

from api.app import create_routes
from api.dependencies import Dependencies
from contracts.export import text

FILE: Final = Path(__file__).parent.parent / "docs" / "reference" / "openapi.json"


class NoPartners:
    """Stands for the dependencies: the document comes from the routes alone."""

    ui_dir: Path | None = None


def openapi() -> dict[str, Any]:
    """The document that the gateway serves at `/openapi.json`."""
    return create_routes(cast(Dependencies, NoPartners())).openapi()


def export(file: Path = FILE) -> Path:
    """Write the document."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text(openapi()))
    return file


if __name__ == "__main__":
    print(export().relative_to(FILE.parents[2]))
