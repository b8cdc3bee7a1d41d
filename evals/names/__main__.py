"""``python -m evals.names``: the figures of mentions and entities alone; with each mistake, where asked.

Exit codes: 0 done; 2 wrong use, or the data is not there.
"""

from __future__ import annotations

import argparse
import sys

from evals import report, run, tables
from evals.names.bare import NoModelError
from evals.names.measure import PARTS, Results, measure
from evals.pages import Folders, shared_folder


def main(arguments: list[str] | None = None) -> int:
    """Prints the tables. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m evals.names", description="Mentions and entities against hand labels."
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="may be repeated")
    parser.add_argument(
        "--wrong", action="store_true", help="print each mistake too; held out sets show none"
    )
    options = parser.parse_args(arguments)
    root = shared_folder()
    if not (root / "eval").is_dir():
        print(f"no evaluation data at {root}; set NEWSLEDGER_SHARED", file=sys.stderr)
        return 2
    try:
        results = measure(Folders(root / "eval", root / "seeds"), options.only or PARTS)
    except NoModelError as error:
        print(error, file=sys.stderr)
        return 2
    found = report.new_report()
    run.add_names(found, results)
    print(tables.sections(found, {}, languages=False))
    print("".join(f"\n* {note}" for note in found["notes"]))
    if options.wrong:
        _print_wrong(results)
    return 0


def _print_wrong(results: Results) -> None:
    for name, lines in results.wrong.items():
        print(f"\n## wrong: {name}\n")
        print("".join(f"    {line}\n" for line in lines), end="")


if __name__ == "__main__":
    sys.exit(main())
