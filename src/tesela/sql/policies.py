"""Row policies, by the same device as filters (see `tables`), but closed where filters are open.

A table that is not known is refused, a policy that cannot be applied is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tesela.errors import QueryRefused
from tesela.model.interaction import Clause
from tesela.model.statement import Statement
from tesela.sql.tables import Columns, TableRef, narrow

Policies = Mapping[str, Sequence[Clause]]
"""What must hold for the rows of a table, by `table`, `schema.table` or `catalog.schema.table` in lower case.

An `in` without values allows no row. Views are tables of their own: what they show is not narrowed by a
policy on what they read.
"""


def restrict(statement: Statement, dialect: str, tables: Columns, policies: Policies) -> Statement:
    """Return the statement over tables that hold only the rows which the policies allow.

    Called after filters, so that policies are innermost. Raises QueryRefused when a table is not in `tables`.

    >>> tables = {"sales": ["tenant"], "s.sales": ["tenant"]}
    >>> mine = {"sales": [Clause("tenant", "eq", ("a",))]}
    >>> restrict(Statement(("SELECT * FROM sales",)), "duckdb", tables, mine).text
    ('SELECT * FROM (SELECT * FROM sales WHERE "tenant" = ', ') AS sales')
    """
    if not policies:
        return statement

    def pick(table: TableRef) -> Sequence[Clause]:
        if table.key not in tables:
            raise QueryRefused(f"{table.parts[-1]} is not a table of this datasource that you may read")
        return [clause for key, clauses in policies.items() if _may_be(table.key, key) for clause in clauses]

    return narrow(statement, dialect, pick)


def _may_be(written: str, key: str) -> bool:
    """Return whether a table as written may be the one that a key names: the shorter ends the longer.

    >>> _may_be("s.sales", "sales"), _may_be("sales", "s.sales"), _may_be("a.sales", "b.sales")
    (True, True, False)
    """
    ours, theirs = written.split("."), key.lower().split(".")
    shorter = min(len(ours), len(theirs))
    return ours[-shorter:] == theirs[-shorter:]
