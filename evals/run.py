"""Runs the evaluations into one report. A part whose data is missing leaves a note instead."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals import extraction, rendered_text, report
from evals.pages import MANIFEST, Folders, PageSet, digest_of, read_set, set_names
from evals.readers import OURS

if TYPE_CHECKING:
    from evals.names.measure import Results

PARTS = ("extraction", "seeds", "text", "mentions", "feeds", "warehouse", "quality")
_WHOLE_LINE = "publishers"
"""The set that goes through the whole line, where it is there: one is enough to see that what the
reader finds is what the warehouse holds."""


def evaluate(
    folders: Folders, parts: Sequence[str], sets: Sequence[str] | None = None
) -> report.Report:
    """Runs parts, in the order of ``PARTS``.

    Args:
        folders: where the data lies.
        parts: some of ``PARTS``.
        sets: of ``extraction/``; None: all that are there.

    Returns:
        The report. What was missing is in its notes.

    Raises:
        PagesError: a labelled page cannot be used, or a set that was asked for is not there.

    """
    found = report.new_report()
    pages = _page_sets(folders, parts, sets, found)
    if "extraction" in parts:
        _extraction(found, pages)
    if "seeds" in parts:
        _seeds(found, folders)
    if "text" in parts:
        for page_set in pages:
            if page_set.labelled("body"):
                _progress(f"{page_set.name} as text")
                report.add_set(found, rendered_text.score_rendered(page_set))
    if "mentions" in parts:
        _mentions(found, folders)
    if "feeds" in parts:
        _feeds(found, folders)
    if "warehouse" in parts:
        _warehouse(found, folders)
    if "quality" in parts:
        _quality(found, folders)
    return found


def _page_sets(
    folders: Folders, parts: Sequence[str], sets: Sequence[str] | None, found: report.Report
) -> list[PageSet]:
    if not {"extraction", "text"} & set(parts):
        return []
    names = list(sets or set_names(folders.evaluation))
    if not names:
        _note(found, f"extraction: no set of pages at {folders.evaluation / 'extraction'}")
    page_sets = []
    for name in names:
        page_set = read_set(folders.evaluation, name)
        if page_set.pages:
            page_sets.append(page_set)
        else:
            _note(found, f"{name}: no pages")
    return page_sets


def _extraction(found: report.Report, pages: Sequence[PageSet]) -> None:
    scored = []
    for page_set in pages:
        _progress(f"{page_set.name}: {len(page_set.pages)} pages")
        scored.append(extraction.score_set(page_set))
        report.add_set(found, scored[-1])
        if missing := extraction.unlabelled(page_set):
            _note(found, f"{page_set.name}: no page has a label for {', '.join(missing)}")
    report.add_all_pages(found, scored)


def _seeds(found: report.Report, folders: Folders) -> None:
    if not folders.seeds.is_dir() or not any(folders.gold.glob("*.json")):
        _note(found, f"seeds: no documents at {folders.seeds} with labels at {folders.gold}")
        return
    from evals.seeds import score_seeds

    _progress("seeds")
    report.add_set(found, score_seeds(folders))


def _mentions(found: report.Report, folders: Folders) -> None:
    try:
        from evals.names.bare import NoModelError
        from evals.names.measure import measure
    except ImportError as error:
        # A commit that --against evaluates may lack what this tree's evals read of the pipeline.
        _note(found, f"mentions: this tree cannot be measured so: {error}")
        return
    try:
        add_names(found, measure(folders))
    except NoModelError as error:
        _note(found, f"mentions: {error}")


def add_names(found: report.Report, results: Results) -> None:
    """Adds what was measured of mentions and entities."""
    for scored in results.sets:
        report.add_set(found, scored)
    for name, table in results.tables.items():
        _add_figures(found, name, table.digest, table.values, judged=table.judged)
    found["notes"] += dict.fromkeys(results.notes)


def _feeds(found: report.Report, folders: Folders) -> None:
    from evals import feeds

    files = list(feeds.conditions(folders.evaluation).rglob("*.xml"))
    if not files:
        _note(found, f"feeds: no files at {feeds.conditions(folders.evaluation)}")
        return
    _progress("feeds")
    tally = feeds.measure(folders.evaluation)
    _add_figures(found, "feeds", digest_of(files), feeds.figures(tally))
    _note(
        found,
        f"feeds: {tally.files} files, {len(tally.crashes)} crashes, CPU {tally.seconds:.1f} s",
    )


def _warehouse(found: report.Report, folders: Folders) -> None:
    """``newsledger ingest`` of seeds and pages into fresh homes, read back through SQL."""
    from evals import warehouse

    values: dict[str, float] = {}
    files: list[Path] = []
    pages = folders.evaluation / "extraction" / _WHOLE_LINE
    with tempfile.TemporaryDirectory() as folder:
        if folders.seeds.is_dir() and any(folders.gold.glob("*.json")):
            _progress("whole line: seeds")
            published = warehouse.ingest(Path(folder) / "seeds", folders.seeds)
            values |= warehouse.seed_figures(published, folders.gold)
            files += folders.gold.glob("*.json")
        if (pages / MANIFEST).is_file():
            _progress(f"whole line: {_WHOLE_LINE}")
            home = Path(folder) / _WHOLE_LINE
            published = warehouse.ingest(home, pages, "--manifest", MANIFEST)
            values |= warehouse.page_figures(published, pages / MANIFEST)
            files.append(pages / MANIFEST)
    if not values:
        _note(found, f"warehouse: neither labelled seeds nor {pages / MANIFEST}")
        return
    _add_figures(
        found,
        "warehouse",
        digest_of(files),
        {name: {OURS: value} for name, value in values.items()},
    )


def _quality(found: report.Report, folders: Folders) -> None:
    """Every audit over all pages and seeds, in a warehouse of its own."""
    from evals import quality

    files = quality.inputs(folders)
    if not files:
        _note(found, f"quality: neither pages at {folders.evaluation} nor seeds at {folders.seeds}")
        return
    _progress("quality")
    with tempfile.TemporaryDirectory() as folder:
        try:
            audited = quality.measure(folders, Path(folder) / "home")
        except ImportError as error:
            _note(found, f"quality: this tree cannot be measured so: {error}")
            return
    _add_figures(found, "quality", digest_of(files), quality.shares(audited))
    _add_figures(found, "quality: counts", digest_of(files), quality.counts(audited), judged=False)
    found["quality"] = quality.as_record(audited)


def _add_figures(
    found: report.Report,
    name: str,
    digest: str,
    values: dict[str, dict[str, float]],
    *,
    judged: bool = True,
) -> None:
    rounded: dict[str, Any] = {
        figure: {reader: round(value, 6) for reader, value in readers.items()}
        for figure, readers in values.items()
    }
    found["figures"][name] = {"digest": digest, "judged": judged, "values": rounded}


def _note(found: report.Report, text: str) -> None:
    found["notes"].append(text)


def _progress(text: str) -> None:
    print(f"{text} ...", file=sys.stderr, flush=True)
