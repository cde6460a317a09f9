"""/healthz, /readyz, /metrics: for whoever watches over the server."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

import tesela
from tesela.errors import TeselaError
from tesela.http.deps import ServicesDep, StoreDep
from tesela.http.web import Answer

router = APIRouter(tags=["health"])


class Health(Answer):
    status: str


class About(Answer):
    name: str
    version: str


@router.get("/healthz", operation_id="healthz")
async def healthz() -> Health:
    """Answer that the process is alive."""
    return Health(status="ok")


@router.get("/readyz", operation_id="readyz", responses={503: {"model": Health}})
async def readyz(store: StoreDep, response: Response) -> Health:
    """Answer whether the store can be read; 503 when it cannot."""
    try:
        await store.read(lambda tx: tx.tenants.get(""))
    except TeselaError:
        response.status_code = 503
        return Health(status="the store cannot be read")
    return Health(status="ok")


@router.get("/metrics", operation_id="metrics", response_class=Response)
async def metrics(found: ServicesDep) -> Response:
    """Answer Prometheus' text format."""
    return Response(found.metrics.text(), media_type=CONTENT_TYPE_LATEST)


@router.get("/api/about", operation_id="about")
async def about() -> About:
    """Answer the product's name and version."""
    return About(name="Tesela", version=tesela.__version__)
