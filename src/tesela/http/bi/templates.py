"""/api/v1/bi/templates: what a dashboard can be made from."""

from __future__ import annotations

from fastapi import APIRouter

from tesela.features import templates
from tesela.http.bi.shapes import TemplateOut, TemplateParameter
from tesela.http.deps import CallerDep
from tesela.http.problems import PROBLEMS
from tesela.http.web import StrictJsonRoute

router = APIRouter(
    prefix="/api/v1/bi/templates", tags=["bi-templates"], route_class=StrictJsonRoute, responses=PROBLEMS
)


@router.get("", operation_id="bi_list_templates")
async def list_all(caller: CallerDep) -> list[TemplateOut]:
    """List the templates with what may be said of each."""
    return [
        TemplateOut(
            id=one.id,
            name=one.name,
            description=one.description,
            parameters=[
                TemplateParameter(
                    name=name, kind=said.kind, description=said.description, is_required=said.is_required
                )
                for name, said in one.parameters.items()
            ],
        )
        for one in templates.templates()
    ]
