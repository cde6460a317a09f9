"""Forecasts of competition series: `python -m bench.analytics.forecast --series PATH [--reference PATH] [--every K]`.

The series stay outside: JSON lines (gzip or plain) with `id`, `group`, `freq`, `m` (the competition's season), `x`
(history), `y` (what came); null is a gap. Prints, by group and over all series: OWA against Naive2 as in the M4
competition, coverage and MSIS of the interval, CPU time of a call with its backtest. --reference: a JSON file with
measured rows of other methods, `{"methods": {NAME: {GROUP: {"owa", "coverage", "msis"}}}}`, to stand beside ours.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from tesela.analytics.forecast import Fields, Wanted, forecast_rows
from tesela.errors import Unprocessable
from tesela.model.rows import Rows

MOST = 1_000
"""Points of a history that are given: what a tile shows."""
LEVEL = 0.95
NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
SHOWN = ("AutoETS", "ETS", "Comb", "Theta", "sNaive")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure forecasts on series that are kept elsewhere.")
    parser.add_argument("--series", type=Path, required=True, help="JSON lines, .gz or plain")
    parser.add_argument("--reference", type=Path, help="measured rows of other methods")
    parser.add_argument("--every", type=int, default=1, help="only every K-th series of a group")
    asked = parser.parse_args()
    if not asked.series.is_file():
        raise SystemExit(f"There are no series at {asked.series}: they are not part of the project")
    rows = [measured(one) for one in series(asked.series, asked.every)]
    reference = json.loads(asked.reference.read_text())["methods"] if asked.reference else {}
    report(rows, reference)


def series(path: Path, every: int) -> list[dict[str, Any]]:
    """Return every K-th series of each group."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    seen: dict[str, int] = defaultdict(int)
    found = []
    for line in text.splitlines():
        one = json.loads(line)
        if seen[one["group"]] % every == 0:
            found.append(one)
        seen[one["group"]] += 1
    return found


def labels(freq: str, count: int) -> list[str]:
    """Return dates for a series without a calendar, the last one in 2024."""
    if freq in ("year", "quarter", "month"):
        step = {"year": 12, "quarter": 3, "month": 1}[freq]
        last = {"year": 0, "quarter": 9, "month": 11}[freq] + 2024 * 12
        months = [last - step * (count - 1 - at) for at in range(count)]
        return [f"{month // 12:04d}-{month % 12 + 1:02d}-01" for month in months]
    hours = {"week": 168, "day": 24, "hour": 1}[freq]
    last_hour = dt.datetime(2024, 12, 30, 23 if freq == "hour" else 0)  # noqa: DTZ001
    moments = [last_hour - dt.timedelta(hours=hours * (count - 1 - at)) for at in range(count)]
    return [one.isoformat() if freq == "hour" else one.date().isoformat() for one in moments]


def measured(one: dict[str, Any]) -> dict[str, Any]:
    """Return the errors of our forecast and of Naive2, and the CPU time that ours took."""
    m, horizon = one["m"], len(one["y"])
    history = np.array([np.nan if value is None else value for value in one["x"]], dtype=float)
    truth = np.array([np.nan if value is None else value for value in one["y"]], dtype=float)
    shown = labels(one["freq"], len(history))[-MOST:]
    rows = [
        {"x": label, "y": float(value)}
        for label, value in zip(shown, history[-MOST:], strict=True)
        if np.isfinite(value)
    ]
    whole = filled(history, m)
    scale = float(np.mean(np.abs(whole[m:] - whole[:-m])))
    base = errors(truth, naive2(whole, m, horizon), scale)
    begin = time.process_time()
    try:
        found = forecast_rows(
            Rows(("x", "y"), {}, rows), Fields("x", ("y",)), Wanted(horizon, LEVEL, NOW)
        ).series[0]
    except Unprocessable:
        return {"group": one["group"], "refused": True, "base": base, "ours": base}
    taken = 1000 * (time.process_time() - begin)
    lower, upper = np.array(found.lower), np.array(found.upper)
    known = np.isfinite(truth)
    outside = np.maximum(lower - truth, 0) + np.maximum(truth - upper, 0)
    return {
        "group": one["group"],
        "refused": False,
        "base": base,
        "ours": errors(truth, np.array(found.y), scale),
        "coverage": float((outside == 0)[known].mean()),
        "msis": float((upper - lower + 2 / (1 - LEVEL) * outside)[known].mean()) / scale,
        "ms": taken,
        "points": len(rows),
    }


def errors(truth: Any, forecast: Any, scale: float) -> tuple[float, float]:
    """Return sMAPE in percent and MASE, over the values that are known."""
    known = np.isfinite(truth)
    apart, sums = np.abs(truth - forecast)[known], (np.abs(truth) + np.abs(forecast))[known]
    return float(np.mean(200 * apart / np.where(sums > 0, sums, 1))), float(apart.mean()) / scale


def filled(values: Any, m: int) -> Any:
    """Return the values with each gap as the median of the nearest four of the same phase."""
    found, known = values.copy(), np.flatnonzero(np.isfinite(values))
    for place in np.flatnonzero(~np.isfinite(values)):
        alike = known[(known - place) % m == 0]
        found[place] = np.median(values[alike[np.argsort(np.abs(alike - place), kind="stable")[:4]]])
    return found


def naive2(values: Any, m: int, horizon: int) -> Any:
    """Return the last value, seasonally adjusted where a 90 % test of autocorrelation finds a season (M4's rule)."""
    place = (len(values) + np.arange(horizon)) % m
    if not is_seasonal(values, m):
        return np.full(horizon, values[-1])
    window = np.ones(m) if m % 2 else np.concatenate(([0.5], np.ones(m - 1), [0.5]))
    trend = np.convolve(values, window / m, "valid")
    begin = len(window) // 2
    middle, phase = values[begin : begin + len(trend)], (np.arange(len(trend)) + begin) % m
    if values.min() >= 0 and trend.min() > 0:
        ratio = middle / trend
        index = np.array([ratio[phase == at].mean() for at in range(m)])
        index /= index.mean()
        return values[-1] / index[(len(values) - 1) % m] * index[place]
    apart = middle - trend
    index = np.array([apart[phase == at].mean() for at in range(m)])
    index -= index.mean()
    return values[-1] - index[(len(values) - 1) % m] + index[place]


def is_seasonal(values: Any, m: int) -> bool:
    if m == 1 or len(values) < 3 * m:
        return False
    apart = values - values.mean()
    total = float(apart @ apart)
    lags = (
        np.array([float(apart[lag:] @ apart[:-lag]) / total for lag in range(1, m + 1)])
        if total
        else np.zeros(m)
    )
    limit = 1.645 * np.sqrt((1 + 2 * float(lags[:-1] @ lags[:-1])) / len(values))
    return bool(abs(lags[-1]) > limit)


def report(rows: list[dict[str, Any]], reference: dict[str, Any]) -> None:
    groups = sorted({row["group"] for row in rows})
    others = [name for name in SHOWN if name in reference]
    print(
        f"{'group':18} {'n':>5} {'OWA':>7} {'cover':>7} {'MSIS':>7} {'ms':>6} {'p95':>6} refused  "
        + " ".join(others)
    )
    for group in [*groups, "TOTAL"]:
        part = [row for row in rows if group in (row["group"], "TOTAL")]
        ours, base = (np.mean([row[name] for row in part], axis=0) for name in ("ours", "base"))
        done = [row for row in part if not row["refused"]]
        figures = [np.mean([row[name] for row in done]) if done else np.nan for name in ("coverage", "msis")]
        times = np.percentile([row["ms"] for row in done], [50, 95]) if done else (np.nan, np.nan)
        beside = " ".join(
            f"{reference[name].get(group, {}).get('owa') or np.nan:{len(name)}.3f}" for name in others
        )
        print(
            f"{group:18} {len(part):5} {np.mean(ours / base):7.3f} {figures[0]:7.3f} {figures[1]:7.2f} "
            f"{times[0]:6.1f} {times[1]:6.1f} {len(part) - len(done):7}  {beside}"
        )
    near = [row["ms"] for row in rows if 400 <= row.get("points", 0) <= 1000]
    if near:
        print(
            f"histories of 400 to 1,000 points: {len(near)}, CPU with backtest median {np.median(near):.1f} ms"
        )


if __name__ == "__main__":
    main()
