"""The sentences in English. No word of cause: rows hold none."""

from __future__ import annotations

from tesela.analytics.facts.periods import Period
from tesela.analytics.facts.words import Template, Words, clock

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _date(period: Period) -> str:
    start = period.start
    if start is None:
        return period.label
    match period.grain:
        case "month":
            return f"{_MONTHS[start.month - 1]} {start.year}"
        case "day":
            return f"{start.day} {_MONTHS[start.month - 1]} {start.year}"
        case "hour" | "minute":
            return f"{start.day} {_MONTHS[start.month - 1]} {start.year}, {clock(start)}"
        case "week" if period.label[:10].count("-") == 2:
            return f"the week of {start.day} {_MONTHS[start.month - 1]} {start.year}"
        case "quarter" if period.label[:10].count("-") == 2:
            return f"Q{(start.month + 2) // 3} {start.year}"
        case "year":
            return str(start.year)
        case _:
            return period.label


def _at(period: Period) -> str:
    word = "on" if period.grain in ("day", "hour", "minute") else "in"
    return f"{word} {_date(period)}"


def _phase(period: Period) -> str:
    start = period.start
    if start is None:
        return period.label
    match period.grain:
        case "month":
            return _MONTHS[start.month - 1]
        case "quarter":
            return f"Q{(start.month + 2) // 3}"
        case "week":
            return f"week {start.isocalendar().week}"
        case "day":
            return _DAYS[start.weekday()]
        case _:
            return clock(start)


def _directions() -> dict[str, Template]:
    """Return the sentences that exist once for up and once for down."""
    found: dict[str, Template] = {}
    for way, rose, rise, up, more in (
        ("up", "rose", "rise", "up", "more"),
        ("down", "fell", "fall", "down", "less"),
    ):
        sign = "+" if way == "up" else "−"
        trend = f"{{measure:cap}} {rose} from {{first}} {{from:in}} to {{last}} {{to:in}}"
        found |= {
            f"trend_{way}": (
                f"{trend} ({{percent:+}}), a steady trend of about {{slope:+}} per {{from:unit}}.",
                "{measure:cap} {percent:+} since {from}",
            ),
            f"trend_{way}_plain": (
                f"{trend} ({{difference:+}}), a steady trend of about {{slope:+}} per {{from:unit}}.",
                "{measure:cap} {difference:+} since {from}",
            ),
            f"trend_season_{way}": (
                f"Apart from the season, {{measure}} {rose}: {{before}} on average before {{middle}}, "
                f"{{since}} from then on.",
                f"Underlying trend {up}",
            ),
            f"step_{way}": (
                f"The level of {{measure}} {rose} {{when:in}}: a shift from {{before}} on average before "
                f"to {{since}} since ({{percent:+}}).",
                "Level shift {when:in}: {percent:+}",
            ),
            f"step_{way}_plain": (
                f"The level of {{measure}} {rose} {{when:in}}: a shift from {{before}} on average before "
                f"to {{since}} since ({{difference:+}}).",
                "Level shift {when:in}: {difference:+}",
            ),
            f"faster_{way}": (
                f"The {rise} of {{measure}} picked up and became faster from {{when}}: about {{since:+}} "
                f"per {{when:unit}} since, {{before:+}} before.",
                f"Faster {rise} since {{when}}",
            ),
            f"slower_{way}": (
                f"The {rise} of {{measure}} slowed down from {{when}}: about {{since:+}} per "
                f"{{when:unit}} since, {{before:+}} before.",
                f"Slower {rise} since {{when}}",
            ),
            f"turn_{way}": (
                f"{{measure:cap}} turned {{when:in}}: about {{since:+}} per {{when:unit}} since, "
                f"{{before:+}} before; it {rose} from {{value}} to {{last}}.",
                f"Turned {up} {{when:in}}",
            ),
            f"total_{way}_prev": (
                f"{{measure:cap}} {rose} from {{earlier_value}} in the period before to {{value}} "
                f"({{difference:+}}, {{percent:+}}).",
                "{measure:cap} {percent:+}",
            ),
            f"total_{way}_prev_plain": (
                f"{{measure:cap}} {rose} from {{earlier_value}} in the period before to {{value}} "
                f"({{difference:+}}).",
                "{measure:cap} {difference:+}",
            ),
            f"rate_{way}": (
                f"{{numerator:cap}} per {{denominator}} {rose} overall from {{before}} {{earlier:in}} to "
                f"{{after}} {{when:in}} ({{percent:+}}).",
                "{numerator:cap} per {denominator} {percent:+}",
            ),
            f"rate_{way}_plain": (
                f"The rate of {{numerator}} to {{denominator}} {rose} overall from {{before}} "
                f"{{earlier:in}} to {{after}} {{when:in}} ({{difference:+}}).",
                "{numerator:cap} to {denominator}: {difference:+}",
            ),
            f"within_{way}": (
                f"Within the groups, {{mover}} moved the rate most: it {rose} from {{mover_before}} to "
                f"{{mover_after}}.",
                "{mover}: {mover_before} to {mover_after}",
            ),
            f"simpson_{way}": (
                f"Yet the whole {rose} while the rate went the other way in every single group: {{one}} "
                f"from {{one_before}} to {{one_after}}, "
                "{other} from {other_before} to {other_after} (Simpson's paradox).",
                "Every group moved against the total",
            ),
            f"simpson_{way}_two": (
                f"Yet the whole {rose} while the rate went the other way in both groups: {{one}} from "
                f"{{one_before}} to {{one_after}}, "
                "{other} from {other_before} to {other_after} (Simpson's paradox).",
                "Both groups moved against the total",
            ),
            f"kpi_turned_{way}": (
                f"{{measure:cap}} turned {'positive, from negative' if way == 'up' else 'negative, from positive'}: "
                f"{{value}} after {{earlier}}, a difference of {{difference:+}}.",
                f"Turned {'positive' if way == 'up' else 'negative'}: {{value}}",
            ),
            f"kpi_from_zero_{way}": (
                f"{{measure:cap}} {rose} from zero to {{value}}; a percentage from zero means nothing.",
                "From zero to {value}",
            ),
            f"kpi_{way}": (
                f"{{measure:cap}} {rose} to {{value}}, {up} {{difference:abs}} ({{percent:+}}) from "
                f"{{earlier}}.",
                "{measure:cap} {percent:+}",
            ),
            f"kpi_{way}_plain": (
                f"{{measure:cap}} {rose} to {{value}}, {up} {{difference:abs}} from {{earlier}}.",
                "{measure:cap} {difference:+}",
            ),
        }
        for tail, between in (("", " from {earlier} to {when}"), ("_prev", " against the period before")):
            whole = f"{{measure:cap}} {rose} by {{change:abs}}{between}; the largest part is {{driver}} with {{part:+}}"
            found[f"driver_{way}{tail}"] = (f"{whole}.", "{driver} {part:+}")
            found[f"driver_{way}_share{tail}"] = (f"{whole} ({{share}} of the change).", "{driver} {part:+}")
        for where, beside in (
            ("before", "on {earlier} ({earlier_value})"),
            ("season_year", "on the same period of last year ({earlier}: {earlier_value})"),
            ("season_day", "on the same day of the week before ({earlier}: {earlier_value})"),
            ("season_hour", "on the same hour of the day before ({earlier}: {earlier_value})"),
        ):
            start = f"{{when:in}}, {{measure}} stood at {{value}}, {up} {{difference:abs}}"
            found[f"change_{where}_{way}"] = (
                f"{start} ({{percent:+}}) {beside}.",
                "{measure:cap} {percent:+} on {earlier}",
            )
            found[f"change_{where}_{way}_plain"] = (
                f"{start} {beside}.",
                "{measure:cap} {difference:+} on {earlier}",
            )
        for mood, word in (("better", "an improvement"), ("worse", "which is worse")):
            for kind in (f"kpi_{way}", f"kpi_{way}_plain", f"kpi_turned_{way}", f"kpi_from_zero_{way}"):
                sentence, short = found[kind]
                found[f"{kind}_{mood}"] = (
                    f"{sentence[:-1]}: {word}, {_good(way, mood)} is better here.",
                    short,
                )
        del sign, more
    return found


def _good(way: str, mood: str) -> str:
    return "lower" if (way == "down") == (mood == "better") else "higher"


def _outliers() -> dict[str, Template]:
    found: dict[str, Template] = {}
    for way, noun, beyond in (("high", "spike", "above"), ("low", "dip", "below")):
        for of, who, short in (("", "{measure}", "{when}"), ("_of", "{series}", "{series}, {when}")):
            found[f"outlier{of}_{way}"] = (
                f"Unusual {noun} of {who} {{when:in}}: {{value}}, well {beyond} the {{expected}} around it.",
                f"Unusual {noun}: {short}, {{value}}",
            )
            found[f"outlier{of}_season_{way}"] = (
                f"Unusual {noun} of {who} {{when:in}}: {{value}}; the comparable periods lie between "
                f"{{low}} and {{high}}.",
                f"Unusual {noun}: {short}, {{value}}",
            )
    return found


def _seasons() -> dict[str, Template]:
    found: dict[str, Template] = {}
    for grain, season, alike in (
        ("month", "yearly", "the same month of last year"),
        ("quarter", "yearly", "the same quarter of last year"),
        ("week", "yearly", "the same week of last year"),
        ("day", "weekly", "the same day of the week before"),
        ("hour", "daily", "the same hour of the day before"),
    ):
        on = "on" if grain == "day" else "at" if grain == "hour" else "in"
        found[f"season_{grain}"] = (
            f"{{measure:cap}} follows a {season} season: the peak recurs {on} {{peak:phase}}, the low "
            f"{on} {{trough:phase}}, "
            f"so the fair comparison is with {alike}.",
            f"Seasonal peak {on} {{peak:phase}}",
        )
    return found


def _members() -> dict[str, Template]:
    found: dict[str, Template] = {}
    for tail, now, then in (
        ("", "{when:in}", "{earlier:in}"),
        ("_prev", "in the current period", "in the period before"),
    ):
        found |= {
            f"offset{tail}": (
                "{riser} ({rise:+}) and {faller} ({fall:+}) nearly offset each other: {measure} as a "
                "whole moved only from {total_before} to {total} ({change:+}).",
                "{riser} {rise:+}, {faller} {fall:+}",
            ),
            f"against{tail}": ("{member} moved the other way ({part:+}).", "{member} {part:+}"),
            f"second{tail}": ("{member} follows with {part:+}.", "{member} {part:+}"),
            f"new{tail}": (
                f"{{member}} is new {now} with {{value}}: it has no rows {then}.",
                "{member} is new: {value}",
            ),
            f"gone{tail}": (
                f"{{member}} disappeared: it is no longer present {now}, after {{value}} {then}.",
                "{member} is gone",
            ),
            f"mix{tail}": (
                "The mix shifted: {shifted} went from {share_before} to {share_after} of {denominator}.",
                "Mix shift: {shifted} {share_before} to {share_after}",
            ),
        }
    for tail, here in (("", ""), ("_at", " {when:in}")):
        lead = f"{{leader}} ranks first{here} with {{value}}"
        rest = ", ahead of {second} ({second_value}); {last} comes last with {last_value}."
        two = ", ahead of {second} ({second_value})."
        share = " ({share} of the total of {total})"
        short = "{leader} leads with {value}"
        found |= {
            f"ranking{tail}": (lead + rest, short),
            f"ranking_share{tail}": (lead + share + rest, short),
            f"ranking_two{tail}": (lead + two, short),
            f"ranking_share_two{tail}": (lead + share + two, short),
            f"tie{tail}": (
                f"{{members}} are tied for first place{here}, with the same {{value}} each.",
                "Tie: {members}",
            ),
            f"all_same{tail}": (
                f"All {{n}} have the same value{here}: {{value}} each.",
                "All the same: {value}",
            ),
            f"only{tail}": (f"{{leader}} is the only one{here}, with {{value}}.", "{leader}: {value}"),
        }
    return found


TEMPLATES: dict[str, Template] = {
    "empty": ("There are no rows to explain.", "No rows"),
    "partial": (
        "{when:cap} is not complete yet (so far {value}), a partial period that is left out of the "
        "comparisons.",
        "{when} is incomplete",
    ),
    "partial_compared": ("{when:cap} is not complete yet: so far {value}.", "{when} is incomplete"),
    "single": ("{measure:cap} has one value: {value} {when:in}.", "{measure:cap}: {value}"),
    "constant": (
        "{measure:cap} stayed constant at {value} from {first} to {last}: no change in {n} periods.",
        "Constant at {value}",
    ),
    "range": (
        "{measure:cap} lay between {low} ({low_when}) and {high} ({high_when}).",
        "Between {low} and {high}",
    ),
    "volatile": (
        "{measure:cap} is volatile, without a clear trend: between {low} ({low_when}) and {high} "
        "({high_when}).",
        "Volatile: {low} to {high}",
    ),
    "flat": (
        "{measure:cap} shows no clear trend: flat, between {low} ({low_when}) and {high} ({high_when}).",
        "No clear trend",
    ),
    "no_trend": ("Apart from season and exceptions, {measure} shows no clear trend.", "No clear trend"),
    "change_before_same": (
        "{when:in}, {measure} stood at {value}, unchanged from {earlier}.",
        "Unchanged: {value}",
    ),
    "change_season_year_same": (
        "{when:in}, {measure} stood at {value}, the same as in the same period of last year ({earlier}).",
        "Unchanged: {value}",
    ),
    "change_season_day_same": (
        "{when:in}, {measure} stood at {value}, the same as a week before ({earlier}).",
        "Unchanged: {value}",
    ),
    "change_season_hour_same": (
        "{when:in}, {measure} stood at {value}, the same as a day before ({earlier}).",
        "Unchanged: {value}",
    ),
    "gap_one": (
        "There is no data for {whens}: one {first:unit} is missing between {first} and {last}.",
        "No data for {whens}",
    ),
    "gap_some": (
        "There is no data for {whens}: {n} periods are missing between {first} and {last}.",
        "No data for {whens}",
    ),
    "gap_many": (
        "There is no data for {whens} and {more} more: {n} periods are missing between {first} and {last}.",
        "{n} periods without data",
    ),
    "total_same_prev": (
        "{measure:cap} stood at {value}, unchanged from the period before.",
        "Unchanged: {value}",
    ),
    "rate_same": (
        "{numerator:cap} per {denominator} stayed the same overall: {after}.",
        "Rate unchanged: {after}",
    ),
    "simpson_groups": (
        "{higher} has the higher rate of {numerator} to {denominator} overall ({higher_rate} against "
        "{lower_rate}), yet the lower one in every single group: "
        "{one} {one_higher} against {one_lower}, {other} {other_higher} against {other_lower} (Simpson's "
        "paradox); "
        "{shifted} makes up {share_higher} of {higher} and {share_lower} of {lower}.",
        "{lower} is ahead in every group, {higher} overall",
    ),
    "rate_level": (
        "Overall, {numerator} to {denominator} come to {rate} ({top} to {bottom}).",
        "Overall {rate}",
    ),
    "rate_members": (
        "The rate is highest for {best} ({best_rate}) and lowest for {worst} ({worst_rate}).",
        "{best} {best_rate}, {worst} {worst_rate}",
    ),
    "concentrated_one": (
        "Concentrated: {leader} alone holds {share} of the total of {total}.",
        "{leader} holds {share}",
    ),
    "concentrated": (
        "Concentrated: the top {k} of {n} ({members}) hold {share} of the total of {total}.",
        "Top {k} hold {share}",
    ),
    "measure_value": ("{measure:cap}: {value}.", "{measure:cap}: {value}"),
    "funnel": (
        "{share} of {first} ({first_value}) reach {last} ({last_value}).",
        "{share} reach {last}",
    ),
    "funnel_step": (
        "The largest loss lies between {from} ({before}) and {to} ({after}): {share} remain.",
        "{from} to {to}: {share} remain",
    ),
    "rows": ("There are {n} rows with {columns} columns.", "{n} rows"),
    "rows_one": ("There is {n} row.", "{n} row"),
    "most_frequent": (
        "The most frequent {dimension} is {member}: {times} of {n} rows.",
        "{member}: {times} of {n}",
    ),
    "together": (
        "{x:cap} and {y} go together: where one is higher, so is mostly the other (rank correlation {r}, "
        "{n} points).",
        "{x:cap} and {y} go together",
    ),
    "opposed": (
        "{x:cap} and {y} go opposite ways: where one is higher, the other is mostly lower (rank "
        "correlation {r}, {n} points).",
        "{x:cap} and {y} go opposite ways",
    ),
    "unrelated": (
        "{x:cap} and {y} show no clear relation in {n} points; {y} lies between {low} and {high}.",
        "No clear relation",
    ),
    "points": (
        "{n} points are too few to tell a relation; {y} lies between {low} and {high}.",
        "Few points",
    ),
    "one_value": ("{measure:cap}: {value}.", "{measure:cap}: {value}"),
    "constant_rows": ("{measure:cap} is constant: {value} in all {n} rows.", "Constant at {value}"),
    "spread": (
        "{measure:cap} lies between {low} and {high} in {n} rows, with a median of {median}.",
        "Median {median}",
    ),
    "kpi_empty": ("{measure:cap} has no value.", "No value"),
    "kpi_alone": ("{measure:cap}: {value}.", "{measure:cap}: {value}"),
    "kpi_no_comparison": (
        "{measure:cap}: {value}; there is no earlier value to compare with.",
        "{measure:cap}: {value}",
    ),
    "kpi_same": ("{measure:cap} stood at {value}, unchanged from before.", "Unchanged: {value}"),
    "nulls_one": ("{missing} of {n} rows has no value of {measure}.", "{missing} missing value"),
    "nulls": ("{missing} of {n} rows have no value of {measure}.", "{missing} missing values"),
    "all_null": ("None of the {n} rows has a value of {measure}.", "No values"),
    "truncated": (
        "Only the first {n} rows are here: what is said holds for those.",
        "First {n} rows only",
    ),
    **_directions(),
    **_outliers(),
    **_seasons(),
    **_members(),
}

ENGLISH = Words(
    language="en",
    decimal=".",
    group=",",
    least_grouped=4,
    percent_gap="",
    currency_last=False,
    points=("percentage point", "percentage points"),
    conjunction="and",
    units={
        "year": "year",
        "quarter": "quarter",
        "month": "month",
        "week": "week",
        "day": "day",
        "hour": "hour",
        "minute": "step",
        "label": "step",
    },
    date=_date,
    at=_at,
    phase=_phase,
    templates=TEMPLATES,
)
