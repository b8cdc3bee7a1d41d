"""Fixtures shared by all tests."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]


def shared_folder() -> Path:
    """Where the evaluation data lies: NEWSLEDGER_SHARED, or ``shared`` beside the checkout."""
    return Path(os.environ.get("NEWSLEDGER_SHARED", PROJECT.parent / "shared"))


@pytest.fixture(scope="session")
def shared_root() -> Path:
    """The evaluation data's folder; the test is skipped where it is absent."""
    root = shared_folder()
    if not (root / "eval").is_dir():
        pytest.skip(f"no evaluation data at {root} (set NEWSLEDGER_SHARED)")
    return root


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first; skip what needs the evaluation data, with a reason, where that is absent.

    Half of the time goes into the promises: begun last, they would leave one process waiting.
    """
    items.sort(key=lambda item: "promises" not in item.path.parts)
    root = shared_folder()
    if (root / "eval").is_dir():
        return
    # The data is its publishers' copyright and not in the tree: outside contributors don't have it.
    skip = pytest.mark.skip(reason=f"no evaluation data at {root} (set NEWSLEDGER_SHARED)")
    for item in items:
        if "needs_shared" in item.keywords:
            item.add_marker(skip)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A name for bytes that is the same in each worker: compressed ones bear the time."""
    return argname if isinstance(val, bytes) and len(val) > 10 else None


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that ``newsledger run`` has filled with the samples, once for all tests: read it only.

    The workers of a parallel session share one: the first to need it makes it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    home = base / "samples" / "home"
    home.parent.mkdir(exist_ok=True)
    with (base / "samples.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "summary.txt").exists():
            _fill_with_samples(home)
    return home


def _fill_with_samples(home: Path) -> None:
    from tests.factories import newsledger

    result = newsledger(home, "run", timeout=900)
    assert result.returncode == 0, result.stdout + result.stderr
    # Last, since it says that the home is whole.
    (home / "summary.txt").write_text(result.stdout)
