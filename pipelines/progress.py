"""Progress of long work, said to whoever runs it: bars in a terminal, lines in a Dagster log."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Protocol, TypeVar

T = TypeVar("T")


class Reporter(Protocol):
    """Receives progress; one per run."""

    def track(self, items: Iterable[T], label: str, total: int | None) -> Iterator[T]:
        """Passes the items through, showing how many of ``total`` have gone by."""
        ...


class Silent:
    """Says nothing: the default."""

    def track(self, items: Iterable[T], label: str, total: int | None) -> Iterator[T]:  # noqa: ARG002
        """Passes the items through."""
        yield from items


_REPORTER: ContextVar[Reporter] = ContextVar("reporter", default=Silent())  # noqa: B039  # stateless


@contextlib.contextmanager
def reporting_to(reporter: Reporter) -> Iterator[None]:
    """Within the block, progress goes to ``reporter``."""
    token = _REPORTER.set(reporter)
    try:
        yield
    finally:
        _REPORTER.reset(token)


def track(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Passes the items through and tells the run's reporter; ``total`` None where not known."""
    return _REPORTER.get().track(items, label, total)
