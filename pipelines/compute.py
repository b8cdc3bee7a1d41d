"""CPU-bound work over processes: hostile items cannot stop a run, and an ended run leaves none behind."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from types import FrameType
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

ITEMS_A_WORKER = 4
"""Another worker starts for so many items: a process costs about as much as a few pages."""
STALL_FACTOR = 3
"""A worker that is silent for so many times an item's bound hangs in C code: it is replaced."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Result]):
    """What one item gave: a result, or why there is none."""

    item: Item
    result: Result | None
    error: str | None
    """A code, a colon and words; None where there is a result."""


class ItemTimeoutError(Exception):
    """Raised inside a worker when its item has used up its time."""


@dataclass(frozen=True)
class Compute:
    """How much of the machine a run may use."""

    workers: int = 1
    item_seconds: float = 30.0
    """Longest time for one item; beyond it the item fails with ``timeout``."""

    def run(
        self,
        task: Callable[[Item], Result],
        items: Iterable[Item],
        warm_up: Callable[[], None] | None = None,
    ) -> Iterator[Outcome[Item, Result]]:
        """Applies ``task`` to each item in worker processes, as they finish.

        ``task``, ``warm_up`` and the items are pickled. An item that raises, hangs or kills its
        worker gives an Outcome with an error; the others are not touched by it. At most twice as
        many items as workers are under way, so memory stays bounded.
        """
        first = list(itertools.islice(items_iterator := iter(items), self.workers * ITEMS_A_WORKER))
        if not first:
            return
        workers = max(1, min(self.workers, -(-len(first) // ITEMS_A_WORKER)))
        queue = itertools.chain(first, items_iterator)
        lost: list[Item] = []
        while True:
            broken = yield from self._run_pool(task, queue, warm_up, workers, lost)
            # Whoever was under way when a worker died is tried alone, so that only the culprit fails.
            for item in lost:
                yield from self._run_alone(task, item, warm_up)
            lost.clear()
            if not broken:
                return

    def _run_pool(
        self,
        task: Callable[[Item], Result],
        queue: Iterator[Item],
        warm_up: Callable[[], None] | None,
        workers: int,
        lost: list[Item],
    ) -> Iterator[Outcome[Item, Result]]:
        """Runs the queue until it is empty (returns False) or a worker dies (True, see ``lost``)."""
        pool = _pool(workers, warm_up)
        under_way: dict[Future[Outcome[Item, Result]], Item] = {}
        try:
            while True:
                for item in itertools.islice(queue, workers * 2 - len(under_way)):
                    call = pool.submit(_bounded, task, item, self.item_seconds)
                    under_way[call] = item
                if not under_way:
                    return False
                done, _ = wait(
                    under_way, timeout=self._stalled_after(), return_when=FIRST_COMPLETED
                )
                if not done:
                    raise BrokenProcessPool("stalled")
                for call in done:
                    outcome = call.result()
                    del under_way[call]
                    yield outcome
        except BrokenProcessPool:
            lost.extend(under_way.values())
            _kill(pool)
            return True
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _run_alone(
        self,
        task: Callable[[Item], Result],
        item: Item,
        warm_up: Callable[[], None] | None,
    ) -> Iterator[Outcome[Item, Result]]:
        pool = _pool(1, warm_up)
        try:
            call = pool.submit(_bounded, task, item, self.item_seconds)
            done, _ = wait([call], timeout=self._stalled_after())
            if done:
                yield call.result()
            else:
                _kill(pool)
                yield Outcome(item, None, f"timeout: more than {self.item_seconds:g} s")
        except BrokenProcessPool:
            yield Outcome(item, None, "worker_died: its process ended (memory, or a fault in C code)")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _stalled_after(self) -> float:
        return self.item_seconds * STALL_FACTOR + 30


def _pool(workers: int, warm_up: Callable[[], None] | None) -> ProcessPoolExecutor:
    # spawn: the parent has threads and an open DuckDB, which must not be forked; and the writer's
    # lock is not inherited.
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
        initargs=(warm_up,),
    )


def _kill(pool: ProcessPoolExecutor) -> None:
    for process in list((pool._processes or {}).values()):
        process.kill()


def _start_worker(warm_up: Callable[[], None] | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A worker waits on a pipe that it holds open itself: without this it would outlive a
        # parent that was killed.
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()
    if warm_up is not None:
        warm_up()


def _bounded(task: Callable[[Item], Result], item: Item, seconds: float) -> Outcome[Item, Result]:
    """Runs in the worker. Whatever an item raises is that item's outcome, never the run's end."""

    def expire(_signal: int, _frame: FrameType | None) -> None:
        raise ItemTimeoutError

    signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return Outcome(item, task(item), None)
    except ItemTimeoutError:
        return Outcome(item, None, f"timeout: more than {seconds:g} s")
    except Exception as error:  # noqa: BLE001  # recorded: it becomes the item's reason
        words = str(error).splitlines()[0] if str(error) else "no message"
        return Outcome(item, None, f"{type(error).__name__}: {words[:300]}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
