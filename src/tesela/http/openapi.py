"""The API's description, with the shapes of `chart_config` beside the routes: what the web app's types come from."""

from __future__ import annotations

import re
from typing import Any

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from tesela.model.charts import CHART_CONFIGS, TILE_CONFIGS

REF = "#/components/schemas/{model}"


def install(app: FastAPI) -> None:
    """Let `app` describe itself with the charts' shapes; made at the first question, kept afterwards."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to replace it


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    classes = sorted({*CHART_CONFIGS.values(), *TILE_CONFIGS.values()}, key=lambda one: one.__name__)
    _, shapes = models_json_schema([(one, "validation") for one in classes], ref_template=REF)
    schemas = document["components"]["schemas"]
    for name, shape in shapes["$defs"].items():
        schemas[f"{name}Config" if name in {one.__name__ for one in classes} else name] = shape
    schemas["ChartConfigs"] = {
        "type": "object",
        "description": "The shape of chart_config by chart type, and of the other tiles by tile type.",
        "required": [*CHART_CONFIGS, *TILE_CONFIGS],
        "properties": {
            kind: {"$ref": REF.format(model=f"{one.__name__}Config")}
            for kind, one in (CHART_CONFIGS | TILE_CONFIGS).items()
        },
    }
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)  # what does not fit is a 400 with a sentence
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return _plainly_named(document)


def _plainly_named(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with short names where two faces call a shape the same: the BI API's begins with Bi."""
    text = orjson.dumps(document).decode()
    text = re.sub(r"tesela__http__bi__\w+?__(?=[A-Z])", "Bi", text)
    text = re.sub(r"tesela__http__(?:qry|platform)__\w+?__(?=[A-Z])", "", text)
    plain: dict[str, Any] = orjson.loads(text)
    return plain
