"""The sentences in Spanish. A measure's gender and number are not known: it stands before a colon, nouns follow."""

from __future__ import annotations

from tesela.analytics.facts.periods import Period
from tesela.analytics.facts.words import Template, Words, clock

_MONTHS = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
]
_DAYS = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]


def _date(period: Period) -> str:
    start = period.start
    if start is None:
        return period.label
    match period.grain:
        case "month":
            return f"{_MONTHS[start.month - 1]} de {start.year}"
        case "day":
            return f"{start.day} de {_MONTHS[start.month - 1]} de {start.year}"
        case "hour" | "minute":
            return f"{start.day} de {_MONTHS[start.month - 1]} de {start.year}, {clock(start)}"
        case "week" if period.label[:10].count("-") == 2:
            return f"semana del {start.day} de {_MONTHS[start.month - 1]} de {start.year}"
        case "quarter" if period.label[:10].count("-") == 2:
            return f"T{(start.month + 2) // 3} {start.year}"
        case "year":
            return str(start.year)
        case _:
            return period.label


def _at(period: Period) -> str:
    if period.grain in ("day", "hour", "minute"):
        return f"el {_date(period)}"
    if period.grain == "week" and period.label[:10].count("-") == 2:
        return f"en la {_date(period)}"
    return f"en {_date(period)}"


def _phase(period: Period) -> str:
    start = period.start
    if start is None:
        return period.label
    match period.grain:
        case "month":
            return f"en {_MONTHS[start.month - 1]}"
        case "quarter":
            return f"en T{(start.month + 2) // 3}"
        case "week":
            return f"en la semana {start.isocalendar().week}"
        case "day":
            return f"el {_DAYS[start.weekday()]}"
        case _:
            return f"a las {clock(start)}"


def _directions() -> dict[str, Template]:
    """Return the sentences that exist once for up and once for down."""
    found: dict[str, Template] = {}
    for way, noun, short in (("up", "subida", "al alza"), ("down", "bajada", "a la baja")):
        signs = "negativo a positivo" if way == "up" else "positivo a negativo"
        path = f"{{measure:cap}}: {noun} de {{first}} ({{from}}) a {{last}} ({{to}})"
        pace = "unos {since:+} por {when:unit} desde entonces, {before:+} antes"
        level = f"{{measure:cap}}: cambio de nivel, con {noun}, {{when:in}}: de {{before}} de media antes "
        level += "a {since} después"
        rate = f"{noun} global de {{before}} ({{earlier}}) a {{after}} ({{when}})"
        found |= {
            f"trend_{way}": (
                f"{path}, {{percent:+}}; tendencia sostenida de unos {{slope:+}} por {{from:unit}}.",
                "{measure:cap}: {percent:+} desde {from:art}",
            ),
            f"trend_{way}_plain": (
                f"{path}, {{difference:+}}; tendencia sostenida de unos {{slope:+}} por {{from:unit}}.",
                "{measure:cap}: {difference:+} desde {from:art}",
            ),
            f"trend_season_{way}": (
                f"{{measure:cap}}: aparte de la estacionalidad, {noun}: {{before}} de media antes de "
                f"{{middle}}, {{since}} después.",
                f"Tendencia de fondo {short}",
            ),
            f"step_{way}": (f"{level} ({{percent:+}}).", "Cambio de nivel {when:in}: {percent:+}"),
            f"step_{way}_plain": (
                f"{level} ({{difference:+}}).",
                "Cambio de nivel {when:in}: {difference:+}",
            ),
            f"faster_{way}": (
                f"{{measure:cap}}: la {noun} se acelera desde {{when:art}}: {pace}.",
                f"{noun.capitalize()} más rápida desde {{when:art}}",
            ),
            f"slower_{way}": (
                f"{{measure:cap}}: la {noun} se frena desde {{when:art}}: {pace}.",
                f"{noun.capitalize()} más lenta desde {{when:art}}",
            ),
            f"turn_{way}": (
                f"{{measure:cap}}: giro {short} {{when:in}}: {pace}; {noun} de {{value}} a {{last}}.",
                f"Giro {short} {{when:in}}",
            ),
            f"total_{way}_prev": (
                f"{{measure:cap}}: {noun} de {{earlier_value}} en el periodo anterior a {{value}} "
                f"({{difference:+}}, {{percent:+}}).",
                "{measure:cap}: {percent:+}",
            ),
            f"total_{way}_prev_plain": (
                f"{{measure:cap}}: {noun} de {{earlier_value}} en el periodo anterior a {{value}} "
                f"({{difference:+}}).",
                "{measure:cap}: {difference:+}",
            ),
            f"rate_{way}": (
                f"{{numerator:cap}} por {{denominator}}: {rate}, {{percent:+}}.",
                "{numerator:cap} por {denominator}: {percent:+}",
            ),
            f"rate_{way}_plain": (
                f"Tasa de {{numerator}} sobre {{denominator}}: {rate}, {{difference:+}}.",
                "{numerator:cap} sobre {denominator}: {difference:+}",
            ),
            f"within_{way}": (
                f"Dentro de los grupos, la tasa que más se mueve es la de {{mover}}: {noun} de "
                f"{{mover_before}} a {{mover_after}}.",
                "{mover}: {mover_before} a {mover_after}",
            ),
            f"simpson_{way}": (
                f"Aun con {noun} del conjunto, la tasa se mueve al revés en todos los grupos: {{one}} de "
                f"{{one_before}} a {{one_after}}, "
                "{other} de {other_before} a {other_after} (paradoja de Simpson).",
                "Todos los grupos van al revés que el total",
            ),
            f"simpson_{way}_two": (
                f"Aun con {noun} del conjunto, la tasa se mueve al revés en ambos grupos: {{one}} de "
                f"{{one_before}} a {{one_after}}, "
                "{other} de {other_before} a {other_after} (paradoja de Simpson).",
                "Ambos grupos van al revés que el total",
            ),
            f"kpi_turned_{way}": (
                f"{{measure:cap}}: cambio de signo, de {signs}: "
                "{value} tras {earlier}, una diferencia de {difference:+}.",
                "Cambio de signo: {value}",
            ),
            f"kpi_from_zero_{way}": (
                f"{{measure:cap}}: {noun} de cero a {{value}}; un porcentaje sobre cero no significa nada.",
                "De cero a {value}",
            ),
            f"kpi_{way}": (
                f"{{measure:cap}}: {{value}}, {noun} de {{difference:abs}} ({{percent:+}}) desde "
                f"{{earlier}}.",
                "{measure:cap}: {percent:+}",
            ),
            f"kpi_{way}_plain": (
                f"{{measure:cap}}: {{value}}, {noun} de {{difference:abs}} desde {{earlier}}.",
                "{measure:cap}: {difference:+}",
            ),
        }
        for tail, between in (("", " {earlier:de} {when:a}"), ("_prev", " frente al periodo anterior")):
            whole = f"{{measure:cap}}: {noun} de {{change:abs}}{between}; la mayor parte es {{driver}}, con {{part:+}}"
            found[f"driver_{way}{tail}"] = (f"{whole}.", "{driver} {part:+}")
            found[f"driver_{way}_share{tail}"] = (f"{whole} ({{share}} del cambio).", "{driver} {part:+}")
        for where, beside in (
            ("before", "frente {earlier:a} ({earlier_value})"),
            ("season_year", "frente al mismo periodo del año anterior ({earlier}: {earlier_value})"),
            ("season_day", "frente al mismo día de la semana anterior ({earlier}: {earlier_value})"),
            ("season_hour", "frente a la misma hora del día anterior ({earlier}: {earlier_value})"),
        ):
            start = f"{{measure:cap}}: {{value}} {{when:in}}, {noun} de {{difference:abs}}"
            found[f"change_{where}_{way}"] = (
                f"{start} ({{percent:+}}) {beside}.",
                "{measure:cap}: {percent:+} frente {earlier:a}",
            )
            found[f"change_{where}_{way}_plain"] = (
                f"{start} {beside}.",
                "{measure:cap}: {difference:+} frente {earlier:a}",
            )
        for mood, word in (("better", "una mejora"), ("worse", "un empeoramiento")):
            for kind in (f"kpi_{way}", f"kpi_{way}_plain", f"kpi_turned_{way}", f"kpi_from_zero_{way}"):
                sentence, brief = found[kind]
                better = "menos" if (way == "down") == (mood == "better") else "más"
                found[f"{kind}_{mood}"] = (f"{sentence[:-1]}: {word}, aquí {better} es mejor.", brief)
    return found


def _outliers() -> dict[str, Template]:
    found: dict[str, Template] = {}
    for way, noun, beyond in (("high", "pico", "por encima"), ("low", "caída", "por debajo")):
        article = "inusual"
        for of, who, short in (("", "{measure:cap}", "{when}"), ("_of", "{series}", "{series}, {when}")):
            found[f"outlier{of}_{way}"] = (
                f"{who}: {noun} {article} {{when:in}}: {{value}}, muy {beyond} de los {{expected}} de su "
                "entorno.",
                f"{noun.capitalize()} {article}: {short}, {{value}}",
            )
            found[f"outlier{of}_season_{way}"] = (
                f"{who}: {noun} {article} {{when:in}}: {{value}}; los periodos comparables están entre "
                f"{{low}} y {{high}}.",
                f"{noun.capitalize()} {article}: {short}, {{value}}",
            )
    return found


def _seasons() -> dict[str, Template]:
    found: dict[str, Template] = {}
    for grain, season, alike in (
        ("month", "anual", "el mismo mes del año anterior"),
        ("quarter", "anual", "el mismo trimestre del año anterior"),
        ("week", "anual", "la misma semana del año anterior"),
        ("day", "semanal", "el mismo día de la semana anterior"),
        ("hour", "diaria", "la misma hora del día anterior"),
    ):
        found[f"season_{grain}"] = (
            f"{{measure:cap}}: estacionalidad {season}, con el máximo {{peak:phase}} y el mínimo "
            f"{{trough:phase}}; "
            f"la comparación justa es con {alike}.",
            "Máximo estacional {peak:phase}",
        )
    return found


def _members() -> dict[str, Template]:
    found: dict[str, Template] = {}
    for tail, now, then in (
        ("", "{when:in}", "{earlier:in}"),
        ("_prev", "en el periodo actual", "en el periodo anterior"),
    ):
        found |= {
            f"offset{tail}": (
                "{riser} ({rise:+}) y {faller} ({fall:+}) casi se compensan: {measure} pasa en conjunto "
                "solo de {total_before} a {total} ({change:+}).",
                "{riser} {rise:+}, {faller} {fall:+}",
            ),
            f"against{tail}": ("{member} se mueve al revés ({part:+}).", "{member} {part:+}"),
            f"second{tail}": ("Le sigue {member} con {part:+}.", "{member} {part:+}"),
            f"new{tail}": (
                f"Nuevo: {{member}} aparece {now} con {{value}}; no tiene filas {then}.",
                "Nuevo: {member}, {value}",
            ),
            f"gone{tail}": (
                f"{{member}} desaparece: ya no está presente {now}, tras {{value}} {then}.",
                "{member} desaparece",
            ),
            f"mix{tail}": (
                "Cambia la composición: {shifted} pasa de {share_before} a {share_after} de {denominator}.",
                "Composición: {shifted}, de {share_before} a {share_after}",
            ),
        }
    for tail, here in (("", ""), ("_at", " {when:in}")):
        lead = f"{{leader}} ocupa el primer lugar{here} con {{value}}"
        rest = ", por delante de {second} ({second_value}); {last} cierra la lista con {last_value}."
        two = ", por delante de {second} ({second_value})."
        share = " ({share} del total de {total})"
        short = "{leader} va en cabeza con {value}"
        found |= {
            f"ranking{tail}": (lead + rest, short),
            f"ranking_share{tail}": (lead + share + rest, short),
            f"ranking_two{tail}": (lead + two, short),
            f"ranking_share_two{tail}": (lead + share + two, short),
            f"tie{tail}": (
                f"{{members}} empatan en el primer lugar{here}, con {{value}} cada uno.",
                "Empate: {members}",
            ),
            f"all_same{tail}": (
                f"Los {{n}} tienen el mismo valor{here}: {{value}} cada uno.",
                "Todos iguales: {value}",
            ),
            f"only{tail}": (f"{{leader}} es lo único que hay{here}, con {{value}}.", "{leader}: {value}"),
        }
    return found


TEMPLATES: dict[str, Template] = {
    "empty": ("No hay filas que explicar.", "Sin filas"),
    "partial": (
        "{when:cap} aún no está completo (hasta ahora {value}): es un periodo parcial y queda fuera de "
        "las comparaciones.",
        "{when} está incompleto",
    ),
    "partial_compared": ("{when:cap} aún no está completo: hasta ahora {value}.", "{when} está incompleto"),
    "single": ("{measure:cap}: un solo valor, {value} {when:in}.", "{measure:cap}: {value}"),
    "constant": (
        "{measure:cap}: constante en {value} desde {first:art} hasta {last:art}, sin cambios en {n} periodos.",
        "Constante en {value}",
    ),
    "range": ("{measure:cap}: entre {low} ({low_when}) y {high} ({high_when}).", "Entre {low} y {high}"),
    "volatile": (
        "{measure:cap}: mucha volatilidad, sin tendencia clara, entre {low} ({low_when}) y {high} "
        "({high_when}).",
        "Volatilidad: de {low} a {high}",
    ),
    "flat": (
        "{measure:cap}: sin tendencia clara, entre {low} ({low_when}) y {high} ({high_when}).",
        "Sin tendencia clara",
    ),
    "no_trend": (
        "{measure:cap}: aparte de estacionalidad y excepciones, sin tendencia clara.",
        "Sin tendencia clara",
    ),
    "change_before_same": (
        "{measure:cap}: {value} {when:in}, sin cambios desde {earlier:art}.",
        "Sin cambios: {value}",
    ),
    "change_season_year_same": (
        "{measure:cap}: {value} {when:in}, lo mismo que en el mismo periodo del año anterior ({earlier}).",
        "Sin cambios: {value}",
    ),
    "change_season_day_same": (
        "{measure:cap}: {value} {when:in}, lo mismo que una semana antes ({earlier}).",
        "Sin cambios: {value}",
    ),
    "change_season_hour_same": (
        "{measure:cap}: {value} {when:in}, lo mismo que un día antes ({earlier}).",
        "Sin cambios: {value}",
    ),
    "gap_one": (
        "No hay datos para {whens:art}: falta un periodo entre {first:art} y {last:art}.",
        "Sin datos para {whens:art}",
    ),
    "gap_some": (
        "No hay datos para {whens:art}: faltan {n} periodos entre {first:art} y {last:art}.",
        "Sin datos para {whens:art}",
    ),
    "gap_many": (
        "No hay datos para {whens:art} y {more} más: faltan {n} periodos entre {first:art} y {last:art}.",
        "{n} periodos sin datos",
    ),
    "total_same_prev": (
        "{measure:cap}: {value}, sin cambios frente al periodo anterior.",
        "Sin cambios: {value}",
    ),
    "rate_same": (
        "{numerator:cap} por {denominator}: sin cambios en conjunto, {after}.",
        "Tasa sin cambios: {after}",
    ),
    "simpson_groups": (
        "{higher} tiene en conjunto la mayor tasa de {numerator} sobre {denominator} ({higher_rate} "
        "frente a {lower_rate}), pero la menor en todos los grupos: "
        "{one} {one_higher} frente a {one_lower}, {other} {other_higher} frente a {other_lower} "
        "(paradoja de Simpson); "
        "{shifted} es el {share_higher} de {higher} y el {share_lower} de {lower}.",
        "{lower} gana en cada grupo, {higher} en conjunto",
    ),
    "rate_level": (
        "En conjunto, {numerator} sobre {denominator} es {rate} ({top} sobre {bottom}).",
        "En conjunto {rate}",
    ),
    "rate_members": (
        "La tasa más alta es la de {best} ({best_rate}) y la más baja la de {worst} ({worst_rate}).",
        "{best} {best_rate}, {worst} {worst_rate}",
    ),
    "concentrated_one": (
        "Concentración: {leader} reúne el {share} del total de {total}.",
        "{leader} reúne el {share}",
    ),
    "concentrated": (
        "Concentración: los {k} primeros de {n} ({members}) reúnen el {share} del total de {total}.",
        "Los {k} primeros reúnen el {share}",
    ),
    "measure_value": ("{measure:cap}: {value}.", "{measure:cap}: {value}"),
    "funnel": (
        "El {share} de {first} ({first_value}) llega a {last} ({last_value}).",
        "El {share} llega a {last}",
    ),
    "funnel_step": (
        "La mayor pérdida está entre {from} ({before}) y {to} ({after}): queda el {share}.",
        "De {from} a {to}: queda el {share}",
    ),
    "rows": ("Hay {n} filas con {columns} columnas.", "{n} filas"),
    "rows_one": ("Hay {n} fila.", "{n} fila"),
    "most_frequent": (
        "El valor más frecuente de {dimension} es {member}: {times} de {n} filas.",
        "{member}: {times} de {n}",
    ),
    "together": (
        "{x:cap} y {y} van juntas: donde una es mayor, casi siempre lo es la otra (correlación de rangos "
        "{r}, {n} puntos).",
        "{x:cap} y {y} van juntas",
    ),
    "opposed": (
        "{x:cap} y {y} van en sentidos opuestos: donde una es mayor, la otra casi siempre es menor "
        "(correlación de rangos {r}, {n} puntos).",
        "{x:cap} y {y} van en sentidos opuestos",
    ),
    "unrelated": (
        "{x:cap} y {y}: sin relación clara en {n} puntos; {y} está entre {low} y {high}.",
        "Sin relación clara",
    ),
    "points": (
        "{n} puntos son pocos para hablar de una relación; {y} está entre {low} y {high}.",
        "Pocos puntos",
    ),
    "one_value": ("{measure:cap}: {value}.", "{measure:cap}: {value}"),
    "constant_rows": ("{measure:cap}: constante, {value} en las {n} filas.", "Constante en {value}"),
    "spread": (
        "{measure:cap}: entre {low} y {high} en {n} filas, con una mediana de {median}.",
        "Mediana {median}",
    ),
    "kpi_empty": ("{measure:cap}: sin valor.", "Sin valor"),
    "kpi_alone": ("{measure:cap}: {value}.", "{measure:cap}: {value}"),
    "kpi_no_comparison": (
        "{measure:cap}: {value}; no hay un valor anterior con el que comparar.",
        "{measure:cap}: {value}",
    ),
    "kpi_same": ("{measure:cap}: {value}, sin cambios.", "Sin cambios: {value}"),
    "nulls_one": ("{missing} de {n} filas no tiene valor de {measure}.", "Falta {missing} valor"),
    "nulls": ("{missing} de {n} filas no tienen valor de {measure}.", "Faltan {missing} valores"),
    "all_null": ("Ninguna de las {n} filas tiene valor de {measure}.", "Sin valores"),
    "truncated": (
        "Solo están las primeras {n} filas: lo dicho vale para ellas.",
        "Solo las primeras {n} filas",
    ),
    **_directions(),
    **_outliers(),
    **_seasons(),
    **_members(),
}

SPANISH = Words(
    language="es",
    decimal=",",
    group=".",
    least_grouped=5,
    percent_gap="\u00a0",
    currency_last=True,
    points=("punto porcentual", "puntos porcentuales"),
    conjunction="y",
    units={
        "year": "año",
        "quarter": "trimestre",
        "month": "mes",
        "week": "semana",
        "day": "día",
        "hour": "hora",
        "minute": "paso",
        "label": "paso",
    },
    date=_date,
    at=_at,
    phase=_phase,
    templates=TEMPLATES,
)
