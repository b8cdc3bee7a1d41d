"""Writes the catalogue's tables anew, or with ``--check`` tells whether they are up to date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from pipelines.reference.build import cities, leaders, territories
from pipelines.reference.build.packages import SourceMissingError
from pipelines.reference.build.sheets import Sheet, changes, read_sheet, text_of
from pipelines.reference.tables import DATA

BUILD_DATA = Path(__file__).parent / "data"


def main(arguments: Sequence[str] | None = None) -> int:
    """0: the tables are as built; 1: ``--check`` found a difference; 2: a source is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.reference.build", description=__doc__
    )
    parser.add_argument("--reference", type=Path, default=Path("../shared/reference"),
                        help="the folder with leaders.csv (default: %(default)s)")  # fmt: skip
    parser.add_argument("--check", action="store_true",
                        help="write nothing; exit 1 where a table on disk differs")  # fmt: skip
    chosen = parser.parse_args(arguments)
    try:
        built = build(chosen.reference)
    except SourceMissingError as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    stale = False
    for path, sheet in built.items():
        fresh = text_of(sheet)
        if path.exists() and path.read_text(encoding="utf-8") == fresh:
            continue
        stale = True
        sys.stdout.writelines(f"{line}\n" for line in changes(path, sheet))
        if not chosen.check:
            path.write_text(fresh, encoding="utf-8", newline="\n")
    if not stale:
        sys.stdout.write("the tables are up to date\n")
    return int(stale and chosen.check)


def build(reference: Path) -> dict[Path, Sheet]:
    """Every table by its path, as it should be. Raises SourceMissingError for what is not there."""
    tables = {path.stem: read_sheet(path) for path in sorted(DATA.glob("*.csv"))}
    omitted = {(row["table"], row["form"]) for row in read_sheet(BUILD_DATA / "omitted.csv").rows}
    shared = cities.shared_names()
    tables["territories"] = territories.with_names(tables, omitted)
    tables["places"] = cities.with_cities(tables, shared, omitted)
    tables["offices"] = leaders.with_offices(tables, reference)
    built = {DATA / f"{name}.csv": sheet for name, sheet in tables.items()}
    built[BUILD_DATA / "shared_names.csv"] = shared
    return built


if __name__ == "__main__":
    sys.exit(main())
