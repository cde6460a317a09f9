"""/api/embed: what the page inside another site's frame has to know before anybody is known."""

from __future__ import annotations

from fastapi import APIRouter

from tesela.http.deps import SettingsDep
from tesela.http.web import Answer, StrictJsonRoute

router = APIRouter(prefix="/api/embed", tags=["embed"], route_class=StrictJsonRoute)


class EmbedOut(Answer):
    origins: list[str]
    """Sites that may show the page and hand it tokens; the page's `frame-ancestors` says the same."""


@router.get("", operation_id="get_embed")
async def get(settings: SettingsDep) -> EmbedOut:
    """Return whose messages an embedded page listens to."""
    return EmbedOut(origins=settings.embed_origins.split())
