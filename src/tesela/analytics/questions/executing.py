"""A plan, executed on rows: exact decimals, missing values told, no division by zero, nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext

from tesela.analytics.questions.plan import Filter, Period, Plan, Unanswerable
from tesela.analytics.questions.reducing import Group, Key, Outcome, Reducer, Undoable
from tesela.analytics.questions.select import COMPARE
from tesela.analytics.questions.steps import floor
from tesela.analytics.questions.tables import Table

DIGITS = Context(prec=50)


def execute(plan: Plan, table: Table) -> Outcome | Unanswerable:
    """Return what the plan comes to on the table's rows, or why it cannot be said."""
    try:
        check(plan, table)
        with localcontext(DIGITS):
            return _Executor(plan, table).run()
    except Undoable as undoable:
        return undoable.why


def check(plan: Plan, table: Table) -> None:
    """Raise Undoable when a plan names a column, a value or a period that the rows do not have, or lacks a part."""
    for name in (plan.group_by, plan.measure.column, plan.measure.other):
        if name is not None:
            _known(table, name)
    for one in plan.filters:
        _check_filter(one, table)
    is_whole = _has_its_parts(plan) and _is_measurable(plan, table) and _is_grouped(plan, table)
    if not is_whole or (plan.having is not None and not _is_number((plan.having.value,))):
        raise Undoable("unclear")
    if plan.subjects and plan.group_by is not None:
        present = set(table[plan.group_by].values)
        named = plan.subjects if plan.whole is None else (*plan.subjects, plan.whole)
        if unknown := [one for one in named if one not in present]:
            raise Undoable("value", *unknown)


def _check_filter(one: Filter, table: Table) -> None:
    _known(table, one.column)
    if one.other is not None:
        _known(table, one.other)
    if one.op in ("in", "not_in"):
        present = set(table[one.column].values)
        if unknown := [value for value in one.values if value not in present]:
            raise Undoable("value", *unknown)
    elif (
        table[one.column].kind != "number"
        or (one.other is None and not _is_number(one.values))
        or (one.other is not None and table[one.other].kind != "number")
    ):
        raise Undoable("unclear")


def _has_its_parts(plan: Plan) -> bool:
    """Return whether a plan has what its form needs."""
    is_grouped, two_periods = plan.group_by is not None, plan.period is not None and plan.base is not None
    if plan.change is not None and plan.form != "difference" and not two_periods:
        return False
    needs = {
        "growth": two_periods and plan.change is not None,
        "difference": is_grouped and len(plan.subjects) == 2,
        "rank": is_grouped and len(plan.subjects) == 1,
        "entity": is_grouped and plan.order is not None and plan.limit is not None,
        "list": is_grouped,
        "table": is_grouped,
        "share": is_grouped or two_periods,
        "yes_no": bool(plan.subjects or plan.having or plan.change or plan.measure.kind == "rows"),
    }
    if plan.form == "yes_no" and plan.subjects and plan.order is None and len(plan.subjects) != 2:
        return False
    return needs.get(plan.form, True) and (is_grouped or not plan.subjects)


def _is_measurable(plan: Plan, table: Table) -> bool:
    measure = plan.measure
    if measure.kind == "rows":
        return True
    if measure.kind == "column":
        if measure.column is None:
            return False
        kind = table[measure.column].kind
        return kind != "text" or plan.agg in ("count", "distinct")
    return all(name is not None and table[name].kind == "number" for name in (measure.column, measure.other))


def _is_grouped(plan: Plan, table: Table) -> bool:
    """Return whether groups are names or times, and buckets are of times that are fine enough."""
    sizes = ("day", "week", "month", "quarter", "year")
    if plan.group_by is not None and table[plan.group_by].kind == "number":
        return False
    if plan.bucket is not None:
        if plan.group_by is None or table[plan.group_by].kind != "date":
            return False
        grain = table[plan.group_by].grain
        if grain != "day" if plan.bucket == "weekday" else sizes.index(plan.bucket) < sizes.index(grain):
            return False
    if plan.per in sizes:
        return any(one.kind == "date" for one in table.columns)
    return plan.per is None or plan.per == "rows" or plan.per in table.names


def _known(table: Table, name: str) -> None:
    if name not in table.names:
        raise Undoable("unknown", name)


def _is_number(values: Sequence[str]) -> bool:
    try:
        return len(values) == 1 and Decimal(values[0]).is_finite()
    except ArithmeticError:
        return False


class _Executor(Reducer):
    def run(self) -> Outcome:
        plan = self.plan
        if plan.form == "share":
            return self._share()
        if plan.form == "rank":
            return self._rank()
        if plan.form == "yes_no":
            return self._yes_no()
        if plan.form == "difference":
            groups = self._subject_groups()
            return self._outcome(groups, groups)
        if plan.form == "growth" or (plan.change and plan.base and plan.group_by is None):
            return self._growth()
        groups = self._groups()
        kept = [group for group in groups if self._is_had(group)]
        if plan.subjects:
            kept = [group for group in kept if group.key in plan.subjects]
            if plan.form == "table":
                kept.sort(key=lambda group: plan.subjects.index(group.key))
        if plan.form in ("entity", "list") and plan.order and plan.measure.kind != "rows":
            self._refuse_partial(kept)
        tied = 0
        if plan.order is not None:
            kept, tied = self._ordered(kept)
        if (
            plan.form == "value"
            and plan.group_by is None
            and plan.measure.kind != "rows"
            and kept
            and kept[0].value is None
        ):
            raise Undoable("missing", *(str(one) for one in self._wanted_names()))
        if plan.form == "table" and groups == [] and self.without:
            raise Undoable("missing", *(str(one) for one in self._wanted_names()))
        total = None
        if plan.form == "table" and plan.subjects and self._is_additive_here():
            total = sum((group.value for group in kept if group.value is not None), Decimal(0))
        return self._outcome(groups, kept, total=total, tied=tied)

    # Rows and figures

    def _refuse_partial(self, groups: Sequence[Group]) -> None:
        """Refuse sums of groups when there were more rows than these."""
        if self.table.truncated and any(group.rows > 1 for group in groups):
            raise Undoable("truncated")

    def _key(self, row: int) -> Key:
        if self.plan.group_by is None:
            raise Undoable("unclear")
        value = self.table[self.plan.group_by].values[row]
        bucket = self.plan.bucket
        if bucket is None or value is None:
            return value
        if bucket == "weekday":
            return value.weekday()
        if bucket == "week" and self.table[self.plan.group_by].grain == "week":
            return value
        return floor(value, bucket)

    def _groups(self, rows: Sequence[int] | None = None) -> list[Group]:
        plan = self.plan
        if plan.change and plan.base:
            return self._changes()
        rows = self._rows() if rows is None else rows
        if not rows and plan.form not in ("count", "list"):
            raise Undoable("no_rows")
        if plan.group_by is None:
            return [Group(None, self._figure(rows), rows=len(rows), labels=self._labels(rows))]
        members: dict[Key, list[int]] = {}
        for row in rows:
            members.setdefault(self._key(row), []).append(row)
        members.pop(None, None)
        if plan.measure.kind == "rows" and plan.per == "rows":
            return [
                Group(key, Decimal(1), rows=1, labels=self._labels([row]))
                for key, those in members.items()
                for row in those
            ]
        found = []
        for key, those in members.items():
            value = self._figure(those)
            if value is None:
                self.without.append((key, "missing"))
            else:
                found.append(Group(key, value, rows=len(those)))
        return found

    def _labels(self, rows: Sequence[int]) -> tuple[str, ...]:
        """Return the other names of a single row, to tell it apart."""
        if len(rows) != 1:
            return ()
        return tuple(
            str(column.values[rows[0]])
            for column in self.table.texts
            if column.name != self.plan.group_by and column.values[rows[0]] is not None
        )

    # Changes

    def _changes(self) -> list[Group]:
        """Return each group's change; those without one are noted with the reason."""
        plan = self.plan
        if plan.base is None or plan.period is None:
            raise Undoable("unclear")
        now, base = self._by_key(plan.period), self._by_key(plan.base)
        found = []
        for key in dict.fromkeys([*now, *base]):
            a, b = now.get(key), base.get(key)
            if a is None or b is None:
                self.without.append((key, "missing"))
            elif b == 0 and plan.change == "percent":
                self.without.append((key, "zero"))
            elif b < 0 and plan.change == "percent":
                self.without.append((key, "negative"))
            else:
                change = (a - b) / b * 100 if plan.change == "percent" else a - b
                found.append(Group(key, change, a, b, rows=1))
        if not found:
            raise Undoable("undefined", *(str(key) for key, _ in self.without[:3]))
        return found

    def _by_key(self, period: Period) -> dict[Key, Decimal | None]:
        rows = self._rows(period=period)
        members: dict[Key, list[int]] = {}
        for row in rows:
            members.setdefault(self._key(row), []).append(row)
        members.pop(None, None)
        return {key: self._figure(those) for key, those in members.items()}

    def _growth(self) -> Outcome:
        """Return the change of one figure between two periods."""
        plan = self.plan
        if plan.base is None or plan.period is None:
            raise Undoable("unclear")
        now_rows, base_rows = self._rows(period=plan.period), self._rows(period=plan.base)
        if not now_rows or not base_rows:
            raise Undoable("no_rows")
        now, base = self._figure(now_rows), self._figure(base_rows)
        if now is None or base is None:
            raise Undoable("missing", *self._wanted_names())
        like = self._like_for_like(now_rows, base_rows)
        asks_rate = plan.form == "growth" and plan.change == "percent"
        if asks_rate and base <= 0:
            raise Undoable("undefined", *self._wanted_names())
        change = now - base
        group = Group(None, change, now, base, rows=len(now_rows))
        return self._outcome([group], [group], like=like)

    def _like_for_like(self, now: Sequence[int], base: Sequence[int]) -> tuple[Decimal, Decimal] | None:
        """Return now and base of the members that have a value in both, when some miss one."""
        measure = self.plan.measure
        if self.missing == 0 or measure.kind != "column" or not self._is_additive() or not self.table.texts:
            return None
        column = self.table[measure.column or ""]
        names = self.table.texts[0]

        def have(rows: Sequence[int]) -> set[Key]:
            return {names.values[row] for row in rows if column.values[row] is not None}

        both = have(now) & have(base)

        def total(rows: Sequence[int]) -> Decimal:
            return sum(
                (column.values[r] for r in rows if names.values[r] in both and column.values[r] is not None),
                Decimal(0),
            )

        return total(now), total(base)

    def _wanted_names(self) -> list[str]:
        return [value for one in self.plan.filters if one.op == "in" for value in one.values]

    # Forms

    def _is_had(self, group: Group) -> bool:
        having = self.plan.having
        if having is None:
            return True
        return group.value is not None and COMPARE[having.op](group.value, Decimal(having.value))

    def _ordered(self, groups: list[Group]) -> tuple[list[Group], int]:
        """Return the groups in order, those that are asked for with all that tie with the last of them."""
        plan = self.plan
        groups = [group for group in groups if group.value is not None]
        groups.sort(key=lambda group: group.value or Decimal(0), reverse=plan.order == "desc")
        if plan.limit is None:
            return groups, 0
        wanted = groups[plan.offset : plan.offset + plan.limit]
        if plan.offset and not wanted:
            raise Undoable("unclear")
        if plan.offset:
            values = list(dict.fromkeys(group.value for group in groups[: plan.offset + 1]))
            if len(values) != plan.offset + 1:
                same = [group for group in groups if group.value == wanted[0].value]
                return same, len(same) - 1
        last = wanted[-1].value if wanted else None
        ties = [group for group in groups[plan.offset + plan.limit :] if group.value == last]
        return wanted + ties, len(ties)

    def _subject_groups(self) -> list[Group]:
        found = {group.key: group for group in self._groups()}
        if missing := [one for one in self.plan.subjects if one not in found or found[one].value is None]:
            raise Undoable("missing", *missing)
        groups = [found[one] for one in self.plan.subjects]
        self._refuse_partial(groups)
        return groups

    def _share(self) -> Outcome:
        plan = self.plan
        if plan.base is not None and plan.group_by is None:
            self._refuse_rate()
            now_rows, base_rows = self._rows(period=plan.period), self._rows(period=plan.base)
            part, whole = self._figure(now_rows), self._figure(base_rows)
            return self._of(part, whole, [Group(None, None, part, whole, rows=len(now_rows))])
        if plan.per == "rows":
            conditions = [one for one in plan.filters if one.op not in ("in", "not_in")]
            others = [one for one in plan.filters if one.op in ("in", "not_in")]
            some, all_ = self._rows(), self._rows(filters=others)
            if self.table.truncated:
                raise Undoable("truncated")
            if not conditions:
                raise Undoable("unclear")
            return self._of(
                Decimal(len(some)),
                Decimal(len(all_)),
                [Group(None, None, Decimal(len(some)), Decimal(len(all_)))],
            )
        self._refuse_rate()
        groups = self._groups()
        whole = sum((group.value for group in groups if group.value is not None), Decimal(0))
        if not plan.subjects:
            shared = (
                [Group(g.key, g.value / whole * 100, g.value, whole) for g in groups if g.value is not None]
                if whole
                else []
            )
            if not shared:
                raise Undoable("undefined", "total")
            kept, tied = self._ordered(shared)
            return self._outcome(shared, kept, total=whole, tied=tied)
        if plan.whole is not None:
            whole = next(
                (group.value or Decimal(0) for group in groups if group.key == plan.whole), Decimal(0)
            )
        mine = [group for group in groups if group.key in plan.subjects]
        if len(mine) != len(plan.subjects):
            raise Undoable("missing", *plan.subjects)
        part = sum((group.value for group in mine if group.value is not None), Decimal(0))
        return self._of(part, whole, mine)

    def _refuse_rate(self) -> None:
        measure = self.plan.measure
        if measure.kind == "rows":
            return
        if measure.kind in ("ratio", "margin", "margin_of_cost"):
            raise Undoable("rate", measure.label or measure.column or "")
        if measure.column and self.table[measure.column].is_rate:
            raise Undoable("rate", measure.column)
        if self.table.truncated:
            raise Undoable("truncated")

    def _of(self, part: Decimal | None, whole: Decimal | None, groups: list[Group]) -> Outcome:
        if part is None or whole is None:
            raise Undoable("missing")
        if whole == 0:
            raise Undoable("undefined", "total")
        return self._outcome(groups, [Group(None, part / whole * 100, part, whole)], total=whole)

    def _rank(self) -> Outcome:
        groups = [group for group in self._groups() if group.value is not None]
        self._refuse_partial(groups)
        if self.table.truncated:
            raise Undoable("truncated")
        mine = next((group for group in groups if group.key == self.plan.subjects[0]), None)
        if mine is None or mine.value is None:
            raise Undoable("missing", *self.plan.subjects)
        is_better = COMPARE["gt" if self.plan.order != "asc" else "lt"]
        rank = 1 + sum(is_better(group.value, mine.value) for group in groups)
        tied = sum(group.value == mine.value for group in groups) - 1
        return self._outcome(groups, [mine], rank=rank, tied=tied)

    def _yes_no(self) -> Outcome:
        plan = self.plan
        if plan.change and plan.base:
            grown = self._growth()
            change = grown.groups[0].value or Decimal(0)
            is_true = {"more": change > 0, "less": change < 0, "same": change == 0}[plan.sense]
            return self._outcome(grown.groups, grown.groups, is_true=is_true)
        if plan.subjects and plan.order:
            groups = [group for group in self._groups() if group.value is not None]
            self._refuse_partial(groups)
            best = (max if plan.order == "desc" else min)(
                group.value for group in groups if group.value is not None
            )
            top = [group for group in groups if group.value == best]
            mine = [group for group in groups if group.key == plan.subjects[0]]
            if not mine:
                raise Undoable("missing", *plan.subjects)
            return self._outcome(
                groups,
                [*mine, *[g for g in top if g.key != mine[0].key]],
                is_true=mine[0].value == best,
                tied=len(top) - 1,
            )
        if plan.subjects:
            groups = self._subject_groups()
            a, b = groups[0].value, groups[1].value
            if a is None or b is None:
                raise Undoable("unclear")
            return self._outcome(groups, groups, is_true=a > b if plan.sense == "more" else a < b)
        if plan.group_by is not None:
            groups = self._listable()
            kept = [group for group in groups if self._is_had(group)]
            return self._outcome(groups, kept, is_true=bool(kept))
        rows = self._rows()
        if plan.measure.kind == "rows":
            return self._outcome([], [], is_true=bool(rows))
        if not rows:
            raise Undoable("no_rows")
        value = self._figure(rows)
        if value is None:
            raise Undoable("missing", *self._wanted_names())
        group = Group(None, value, rows=len(rows))
        return self._outcome([group], [group], is_true=self._is_had(group))

    def _listable(self) -> list[Group]:
        rows = self._rows()
        return self._groups(rows) if rows else []

    def _outcome(
        self, groups: Sequence[Group], kept: list[Group], *, total: Decimal | None = None, tied: int = 0,
        rank: int | None = None, is_true: bool | None = None, like: tuple[Decimal, Decimal] | None = None,
    ) -> Outcome:  # fmt: skip
        if self.plan.form == "count" and self.table.truncated:
            raise Undoable("truncated")
        return Outcome(
            self.plan, self.table, kept, len(groups), total, self.without, self.missing, len(self.read), rank, tied,
            is_true, self.time, like,
        )  # fmt: skip
