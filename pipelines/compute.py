"""CPU-bound work over processes: no item can stop a run, and an ended run leaves none behind."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.util import Finalize
from types import FrameType
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

STALL_FACTOR = 3
"""A worker that is silent for so many times an item's bound hangs in C code: it is replaced."""
REPEAT_SECONDS = 1.0
"""Between two reminders to an item that has used up its time."""
START_SECONDS = 60.0
"""What a worker may take besides, to start and to load what its task needs."""
BLAS_THREADS = "OPENBLAS_NUM_THREADS"
"""Environment variable that numpy reads when it is loaded: the threads of a matrix product."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Result]):
    """What one item gave: a result, or why there is none."""

    item: Item
    result: Result | None
    error: str | None
    """A code, a colon and words; None where there is a result."""


class ItemTimeoutError(BaseException):
    """Raised inside a worker when its item has used up its time.

    No Exception: libraries catch those and go on (trafilatura did, with a page that took minutes).
    """


@dataclass
class Compute:
    """A pool of worker processes, started when it is first needed, kept until ``close``.

    Workers load spaCy or trafilatura once, and serve every stage and every day of a command.
    """

    workers: int = 1
    item_seconds: float = 30.0
    """Longest time for one item; beyond it the item fails with ``timeout``."""
    _pool: ProcessPoolExecutor | None = field(default=None, repr=False)

    def run(
        self,
        task: Callable[[Item], Result],
        items: Iterable[Item],
        warm_up: Callable[[], None] | None = None,
    ) -> Iterator[Outcome[Item, Result]]:
        """Applies ``task`` to each item in worker processes; outcomes come as they finish.

        ``task``, ``warm_up`` and the items are pickled. ``warm_up`` runs in a worker before each
        item, outside the item's time: what it loads it must keep. An item that raises, hangs or
        kills its worker gives an Outcome with an error; the others are not touched by it. At most
        twice as many items as workers are under way, so memory stays bounded.
        """
        queue = iter(items)
        under_way: dict[Future[Outcome[Item, Result]], Item] = {}
        while True:
            try:
                for item in itertools.islice(queue, self.workers * 2 - len(under_way)):
                    under_way[self._submit(task, item, warm_up)] = item
                if not under_way:
                    return
                for call in self._finished(under_way):
                    outcome = call.result()
                    del under_way[call]
                    yield outcome
            except BrokenProcessPool:
                # Whatever was under way is tried alone, so that only the culprit fails.
                suspects = list(under_way.values())
                under_way.clear()
                self.kill()
                for item in suspects:
                    yield self.one(task, item, warm_up)

    def one(
        self,
        task: Callable[[Item], Result],
        item: Item,
        warm_up: Callable[[], None] | None = None,
    ) -> Outcome[Item, Result]:
        """Applies ``task`` to a single item, with nothing else under way in the pool."""
        try:
            (call,) = self._finished([self._submit(task, item, warm_up)])
            return call.result()
        except _StalledError:
            self.kill()
            return Outcome(item, None, f"timeout: more than {self.item_seconds:g} s")
        except BrokenProcessPool:
            self.kill()
            return Outcome(item, None, "worker_died: out of memory, or a fault in C code")

    def _submit(
        self, task: Callable[[Item], Result], item: Item, warm_up: Callable[[], None] | None
    ) -> Future[Outcome[Item, Result]]:
        if self._pool is None:
            # spawn: the parent has threads and an open DuckDB, which must not be forked, and the
            # writer's lock must not be inherited.
            self._pool = ProcessPoolExecutor(
                self.workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start_worker,
            )
            # A process that multiprocessing started itself (Dagster's run workers) would otherwise
            # wait for its children before the pool is shut down, for ever. Before the pool's own
            # queues, which close at 10: the workers must still be told to end.
            Finalize(self, self.close, exitpriority=100)
        return self._pool.submit(_bounded, task, item, self.item_seconds, warm_up)

    def _finished(
        self, calls: Iterable[Future[Outcome[Item, Result]]]
    ) -> set[Future[Outcome[Item, Result]]]:
        """The calls that are done, at least one. Raises _StalledError where none ends in time."""
        patience = self.item_seconds * STALL_FACTOR + START_SECONDS
        done, _ = wait(calls, timeout=patience, return_when=FIRST_COMPLETED)
        if not done:
            raise _StalledError
        return done

    def close(self) -> None:
        """Ends the workers. The next ``run`` starts new ones."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def kill(self) -> None:
        """Ends the workers at once, whatever they do."""
        if self._pool is not None:
            for process in list((self._pool._processes or {}).values()):
                process.kill()
            self.close()


class _StalledError(BrokenProcessPool):
    """No worker gave anything for longer than an item may take."""


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    # There is a worker for every core: more threads would only be in each other's way.
    os.environ.setdefault(BLAS_THREADS, "1")
    parent = multiprocessing.parent_process()
    if parent is not None:
        # A worker waits on a pipe that it holds open itself: without this it would outlive a
        # parent that was killed.
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _bounded(
    task: Callable[[Item], Result],
    item: Item,
    seconds: float,
    warm_up: Callable[[], None] | None,
) -> Outcome[Item, Result]:
    """Runs in the worker. Whatever an item raises is that item's outcome, never the run's end."""
    try:
        return _timed(task, item, seconds, warm_up)
    except ItemTimeoutError:
        return Outcome(item, None, f"timeout: more than {seconds:g} s")
    except Exception as error:  # noqa: BLE001  # recorded: it becomes the item's reason
        words = str(error).splitlines()[0] if str(error) else "no message"
        return Outcome(item, None, f"{type(error).__name__}: {words[:300]}")


def _timed(
    task: Callable[[Item], Result],
    item: Item,
    seconds: float,
    warm_up: Callable[[], None] | None,
) -> Outcome[Item, Result]:
    """Runs ``task``. Raises ItemTimeoutError where it takes longer, and what ``task`` raises."""

    def expire(_signal: int, _frame: FrameType | None) -> None:
        raise ItemTimeoutError

    if warm_up is not None:
        warm_up()
    signal.signal(signal.SIGALRM, expire)
    # Again and again: what is raised inside a callback (of a collector, of lxml) is lost.
    signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_SECONDS)
    try:
        return Outcome(item, task(item), None)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
