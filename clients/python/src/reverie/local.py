"""A copy of a memory in this process."""

from __future__ import annotations

import logging
import os
import threading
import time
import weakref
from typing import Any, Iterable, Sequence
from unicodedata import normalize

import numpy as np
from numpy.typing import NDArray

from reverie.connection import Connection
from reverie.inputs import classes_of
from reverie.problem import Problem, memory_empty, unknown_class
from reverie.snapshot import Array, Batch, Dtype, Snapshot, converted, fetch

_LOG = logging.getLogger("reverie")
_OF_A_PROCESS = ("_lock", "_process", "_random", "_stop", "_thread")


class LocalMemory:
    """Draws batches from a copy of a memory, without a request for each batch.

    A thread in the background brings the copy up to date; it fetches the memory only if it has changed. While the service
    cannot be reached, the copy stays as it is, and `age` grows. An object can be used by several threads, copied by a fork,
    and pickled: each process has its own copy and thread.

    connection  to the service
    refresh     seconds between two looks at the service
    """

    def __init__(self, connection: Connection, refresh: float = 5.0) -> None:
        self._connection, self._pause = connection, refresh
        self._pool: _Pool | None = None
        self._current = 0.0
        self._closed = False
        self._lock, self._process = threading.Lock(), os.getpid()
        self.refresh()
        self._start()

    def __enter__(self) -> LocalMemory:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        images = f"{len(self)} images of {len(self._pool.snapshot.names) if self._pool else 0} classes"
        return f"LocalMemory({self._connection.url!r}: {images}, {self.age:.0f} s old)"

    def __len__(self) -> int:
        self._continue_after_fork()
        pool = self._pool
        return len(pool.snapshot.images) if pool else 0

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in _OF_A_PROCESS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()

    def sample(
        self,
        n: int = 64,
        seed: int | None = None,
        classes: Iterable[str | int] | str | int | None = None,
        dtype: Dtype = "float32",
    ) -> Batch:
        """Returns a random batch as a tuple (images, labels, names), like `Reverie.sample`.

        Equal seeds give equal batches as long as the memory does not change, but not the batches of the service.
        """
        pool = self._living()
        return pool.draw(n, self._random if seed is None else np.random.default_rng(int(seed) % 2**64), classes, dtype)

    def all(self, dtype: Dtype = "float32") -> Batch:
        """Returns all images as a tuple (images, labels, names)."""
        images, labels, names = self._living().snapshot.batch(dtype)
        return images.copy(), labels.copy(), names

    def snapshot(self) -> Snapshot:
        """Returns the memory as it is now: the same object as long as it does not change. It must not be written to."""
        return self._living().snapshot

    @property
    def normalisation(self) -> tuple[Array, Array]:
        """Mean and standard deviation of each channel of the real images, as float32 [C]."""
        arrays = self._living().snapshot.arrays
        return arrays["mean"], arrays["std"]

    @property
    def age(self) -> float:
        """Seconds since the copy was last equal to the memory of the service."""
        return time.monotonic() - self._current

    def refresh(self) -> None:
        """Brings the copy up to date now. Raises the same errors as `Reverie.memory`, and then keeps the copy."""
        self._continue_after_fork()
        with self._lock:  # one after the other, so that an older answer does not replace a newer one
            asked = time.monotonic()
            known = self._pool.snapshot if self._pool else None
            try:
                snapshot = fetch(self._connection, known)
                if snapshot is not known:
                    self._pool = _Pool(snapshot.without_stored())
            except Problem as problem:
                if problem.type != "/problems/memory-empty":
                    raise
                self._pool = None
            self._current = asked

    def close(self) -> None:
        """Ends the thread. The copy can still be used, but no longer changes."""
        self._closed = True
        self._stop.set()

    def _living(self) -> _Pool:
        self._continue_after_fork()
        pool = self._pool
        if pool is None:
            raise memory_empty()
        return pool

    def _continue_after_fork(self) -> None:
        if self._process != os.getpid():
            self._start()

    def _start(self) -> None:
        """Starts what a process does not inherit: the thread, a random generator that differs from its parent's, and a lock.

        The lock of the parent may have been held at the fork. Who sees the new process must see the new lock.
        """
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._random = np.random.default_rng()
        self._stop = threading.Event()
        if not self._closed:
            arguments = weakref.ref(self), self._stop, self._pause
            self._thread = threading.Thread(target=_keep_current, args=arguments, name="reverie", daemon=True)
            self._thread.start()
            weakref.finalize(self, _end, self._thread, self._stop)


def _keep_current(reference: weakref.ref[LocalMemory], stop: threading.Event, pause: float) -> None:
    reached = True
    while not stop.wait(pause):
        memory = reference()
        if memory is None:
            return
        try:
            memory.refresh()
            reached = True
        except Exception as error:  # the next look may succeed, whatever has failed
            if reached:
                _LOG.warning("the local memory keeps its copy, which is %.0f s old: %s", memory.age, error)
            reached = False
        del memory


def _end(thread: threading.Thread, stop: threading.Event) -> None:
    """Ends the thread before the interpreter ends, which would otherwise abort it while libraries still use it."""
    stop.set()
    if thread is not threading.current_thread():
        thread.join(timeout=1)


class _Pool:
    """The images of a snapshot by class."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        labels = snapshot.labels
        self._images = {
            snapshot.names[number]: np.flatnonzero(labels == number) for number in np.unique(labels).tolist()
        }

    def draw(
        self, n: int, random: np.random.Generator, classes: Iterable[str | int] | str | int | None, dtype: Dtype
    ) -> Batch:
        wanted = self._images if classes is None else (normalize("NFC", str(label)).strip() for label in classes_of(classes))
        names = list(dict.fromkeys(wanted))
        if n < 1 or not names:
            raise ValueError(f"a batch of {n} images of {len(names)} classes is empty: ask for at least one of both")
        for name in names:
            if name not in self._images:
                raise unknown_class(name)
        chosen = balanced([self._images[name] for name in names], n, random)
        return converted(self.snapshot.images[chosen], dtype), self.snapshot.labels[chosen], self.snapshot.names


def balanced(groups: Sequence[NDArray[np.intp]], n: int, random: np.random.Generator) -> NDArray[np.intp]:
    """Draws positions of images from their groups, of which each gets as many as any other, or one more."""
    share, more = divmod(n, len(groups))
    drawn = [
        _drawn(groups[position], share + (rank < more), random)
        for rank, position in enumerate(random.permutation(len(groups)))
        if share or rank < more
    ]
    return random.permutation(np.concatenate(drawn))


def _drawn(images: NDArray[np.intp], count: int, random: np.random.Generator) -> NDArray[np.intp]:
    """Draws images of one class, none of them again before all of them have been drawn."""
    whole, rest = divmod(count, len(images))
    return np.concatenate([np.tile(images, whole), random.permutation(images)[:rest]])
