"""Fixtures shared by all tests."""

from __future__ import annotations

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
    """Skip what needs the evaluation data, with a reason, where that is absent."""
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
    """A home that ``newsledger run`` has filled with the samples, once for all tests: read it only."""
    from tests.factories import newsledger

    home = tmp_path_factory.mktemp("samples") / "home"
    result = newsledger(home, "run", timeout=900)
    (home / "summary.txt").write_text(result.stdout)
    assert result.returncode == 0, result.stdout + result.stderr
    return home
