"""The one gate between a statement and an engine: row policies. See docs/decisions/0008-row-policies.md.

An engine takes only what is `Allowed`, and only `allow` makes that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tesela.errors import QueryError, QueryFailed
from tesela.model.caller import Caller
from tesela.model.policy import RowRule
from tesela.model.statement import Statement
from tesela.running.catalog import Catalogs
from tesela.running.compiling import beside
from tesela.running.sources import Source, dialect_of
from tesela.sql.policies import ROW, restrict

FAILED = "The query failed on the rows that its tables' row policies leave"


@dataclass(frozen=True, slots=True)
class Allowed:
    """A statement that shows its caller nothing that their row policies hide.

    policy_digest: of the caller. secrets: words of the policies, which no error may repeat.
    """

    statement: Statement
    policy_digest: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    is_restricted: bool = False

    def told(self, error: QueryError) -> QueryError:
        """Return an error of the engine as the caller may read it: nothing of the policies in it."""
        if not self.is_restricted or not isinstance(error, QueryFailed):
            return error
        told = f"{error.sentence}"
        words = [re.escape(word) for word in (*self.secrets, ROW) if word]
        if re.search(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", told, re.IGNORECASE):
            told = FAILED
        return QueryFailed(told, private=error.private or error.sentence)


async def allow(catalogs: Catalogs, caller: Caller, source: Source, statement: Statement) -> Allowed:
    """Return the statement as the caller may ask it of the source.

    Raises QueryRefused for what could go around a policy; SourceUnavailable when the tables are not known.
    """
    rules = caller.rules.on(source.datasource.id)
    if not rules:
        return Allowed(statement, caller.policy_digest)
    tables = await catalogs.tables(source.datasource, source.engine, statement.schema)
    text = "".join(statement.text)
    restricted = await beside(text, restrict, statement, dialect_of(source.datasource), tables, rules)
    return Allowed(restricted, caller.policy_digest, _secrets(rules), is_restricted=True)


def _secrets(rules: tuple[RowRule, ...]) -> tuple[str, ...]:
    """Return what stands in the policies: literals, values, salts."""
    found = [word for rule in rules for word in re.findall(r"[\w.@-]+", rule.predicate)]
    found += [value for rule in rules for _, values in rule.values for value in values]
    found += [rule.salt for rule in rules]
    known = {"and", "or", "not", "in", "is", "null", "like", "between", "case", "when", "then", "else", "end"}
    return tuple(dict.fromkeys(word for word in found if word.lower() not in known))
