"""Stands in for ``pipelines.compute.Compute`` where a test patches what workers would import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pipelines.compute import Outcome


class InProcess:
    """Applies the task here, one item after the other; what it raises becomes the item's error."""

    workers = 1

    def run(
        self, task: Callable[[Any], Any], items: Iterable[Any], warm_up: object = None
    ) -> Iterator[Outcome[Any, Any]]:
        for item in items:
            try:
                yield Outcome(item, task(item), None)
            except Exception as error:  # noqa: BLE001  # as the pool does: it is the item's
                yield Outcome(item, None, f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """There is nothing to end."""
