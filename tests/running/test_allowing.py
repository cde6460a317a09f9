"""The gate before the engines: nobody goes around it, and no two readers who see other rows share an answer."""

from __future__ import annotations

import ast
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import make
from running.fakes import SOURCE
from tesela.errors import QueryFailed
from tesela.model.policy import Reader, RowPolicy, Rules, rules_for
from tesela.model.result import Limits
from tesela.model.statement import Statement
from tesela.running.allowing import FAILED, Allowed
from tesela.running.runner import Question, key_of

SOURCES = Path(__file__).resolve().parents[2] / "src" / "tesela"
MAKERS = {
    "Allowed": {"running/allowing.py"},
    "Caller": {"features/callers.py"},
    "engine.run": {"running/runner.py"},
    "engine.export": {"running/runner.py"},
}
"""Who alone may make a caller and what is allowed, and hand it to an engine."""


def calls(path: Path) -> set[str]:
    """Return the names of MAKERS that a file calls."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        words = ast.unparse(node.func).split(".")
        found |= {name for name in MAKERS if words[-len(name.split(".")) :] == name.split(".")}
    return found


def test_nobody_goes_around_the_gate() -> None:
    makers: dict[str, set[str]] = {name: set() for name in MAKERS}
    for path in SOURCES.rglob("*.py"):
        for name in calls(path):
            makers[name].add(path.relative_to(SOURCES).as_posix())

    assert makers == MAKERS


def policy(predicate: str, **fields: object) -> RowPolicy:
    known = {"masks": {}, "roles": (), "team_ids": (), "is_enabled": True, "schema": None, **fields}
    return RowPolicy(
        id="p", tenant_id="t", datasource_id="d", name="P", catalog=None, table="sales", predicate=predicate,
        revision=1, created_by=None, created_at=make.START, updated_at=make.START, **known,  # type: ignore[arg-type]
    )  # fmt: skip


PREDICATES = ("region = ${user.region}", "region IN (${user.region})", "amt > 1", "id = ${user.id}")
readers = st.builds(
    Reader,
    st.sampled_from(["user-1", "user-2"]),
    st.just(""),
    st.sampled_from(["viewer", "editor", "admin"]),
    st.frozensets(st.sampled_from(["team-1", "team-2"])),
    st.dictionaries(
        st.sampled_from(["region", "other"]),
        st.one_of(st.sampled_from(["N", "S", "N,S", ""]), st.lists(st.sampled_from(["N", "S"])).map(tuple)),
    ),
)
policies = st.lists(
    st.builds(
        policy,
        st.sampled_from(PREDICATES),
        roles=st.lists(st.sampled_from(["viewer", "editor"]), unique=True).map(tuple),
        team_ids=st.lists(st.sampled_from(["team-1"]), max_size=1).map(tuple),
        is_enabled=st.booleans(),
    ),
    max_size=3,
)


def key(rules: Rules) -> bytes:
    allowed = Allowed(Statement(("SELECT 1",)), rules.digest)
    return key_of(SOURCE, Question("t", "u", "d", allowed, Limits(), 300))


@given(policies, readers, readers)
def test_readers_share_an_answer_exactly_when_the_same_rules_hold(
    held: list[RowPolicy], one: Reader, other: Reader
) -> None:
    ours, theirs = rules_for(held, one, {}), rules_for(held, other, {})

    assert (key(ours) == key(theirs)) == (set(ours.all) == set(theirs.all))
    assert (ours.digest == "") == (not ours.all)


def test_an_error_repeats_no_word_of_a_policy() -> None:
    allowed = Allowed(Statement(("SELECT 1",)), "digest", ("Norte",), is_restricted=True)

    told = allowed.told(QueryFailed('invalid input: "norte"', line=1, column=200))
    plain = allowed.told(QueryFailed("there is no column nobody", line=1, column=200))

    assert (told.sentence, told.line, told.column) == (FAILED, None, None)
    assert (plain.sentence, plain.line) == ("there is no column nobody", None)
