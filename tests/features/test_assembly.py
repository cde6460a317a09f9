"""Whole answers in memory: whose they are."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import make
from tesela.features.assembly import Assemblies
from tesela.features.data import TileAnswer
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard
from tesela.running.shelf import Shelf

ANA = make.caller(make.user("ana"))
BEN = make.caller(make.user("ben"))


def of_region(caller: Caller, region: str) -> Caller:
    return replace(caller, attributes=MappingProxyType({"region": region}))


def is_kept(dashboard: Dashboard, made_for: Caller, asked_by: Caller) -> bool:
    """Return whether an answer that one caller got is found for another one."""
    assemblies = Assemblies(Shelf(1_000_000, lambda: 0.0), 1_000_000)
    answers = [TileAnswer(dashboard.document.tiles[0].id, b"{}", cached=b"{}")]
    assert assemblies.keep(made_for, dashboard, None, answers, make.START) is not None
    return assemblies.find(asked_by, dashboard, None, 0.0, make.START) is not None


def test_an_answer_that_names_no_reader_is_everybodys() -> None:
    dashboard = make.dashboard(make.user("ana"), "Sales", make.tile(query="SELECT 1 AS revenue"))

    assert is_kept(dashboard, of_region(ANA, "north"), of_region(BEN, "south"))


def test_an_answer_that_names_its_reader_is_that_readers_with_these_attributes() -> None:
    dashboard = make.dashboard(make.user("ana"), "Mine", make.tile(query="SELECT ${user.region} AS revenue"))

    assert is_kept(dashboard, of_region(ANA, "north"), of_region(ANA, "north"))
    assert not is_kept(dashboard, of_region(ANA, "north"), of_region(BEN, "north"))
    assert not is_kept(dashboard, of_region(ANA, "north"), of_region(ANA, "south"))
    assert not is_kept(dashboard, of_region(ANA, "north"), ANA)
