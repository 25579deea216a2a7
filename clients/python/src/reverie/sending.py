"""Sends images in the background."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from typing import Any, Callable, Iterable

import numpy as np

from reverie.inputs import REQUEST_BYTES, requests
from reverie.problem import Problem
from reverie.snapshot import Array

_LOG = logging.getLogger("reverie")
_WAITING_BYTES = 64 << 20  # of images that may wait
_TOGETHER = 256  # images of small batches that are sent in one request

Deliver = Callable[[Any, Any], tuple[int, int]]


class Sender:
    """Sends images in a thread, so that a learner does not wait for the service.

    `put` waits only while the images that wait take more than 64 MiB. Small batches that wait are sent together. An error is
    logged, and raised by the next call: after a refusal the other images are still sent, also those of that call; if the
    service cannot be reached, or takes no images, those that wait are dropped. The interpreter ends only after the images that wait have been
    sent. An object can be used by several threads, copied by a fork, and pickled; a copy has its own thread, and nothing waits
    in it.
    """

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._start()

    def _start(self) -> None:
        self.sent, self.accepted, self.duplicates = 0, 0, 0
        self._waiting: deque[tuple[Array, Array]] = deque()
        self._bytes = 0  # of images that wait or are being sent
        self._failure: Exception | None = None
        self._changed = threading.Condition()
        self._runs = False
        self._process = os.getpid()

    def __getstate__(self) -> dict[str, Any]:
        return {"_deliver": self._deliver}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start()

    def put(self, images: Any, labels: Any) -> None:
        """Sends images later. They may be changed as soon as this method returns."""
        if self._process != os.getpid():
            self._start()
        failure: Exception | None = None
        for arrays in list(requests(images, labels, None, _TOGETHER)):  # which may raise, and then nothing is sent
            pixels = np.array(arrays["images"])
            with self._changed:
                self._changed.wait_for(lambda: self._bytes < _WAITING_BYTES)
                if failure is None:
                    failure, self._failure = self._failure, None
                if failure is not None and not _is_refusal(failure):
                    raise failure
                self._waiting.append((pixels, arrays["labels"]))
                self._bytes += pixels.nbytes
                if not self._runs:
                    self._runs = True
                    threading.Thread(target=self._send_all, name="reverie-sender").start()
        if failure is not None:
            raise failure

    def flush(self) -> None:
        """Waits until all images are durable, or raises why some are not."""
        if self._process != os.getpid():
            self._start()
        with self._changed:
            self._changed.wait_for(lambda: not self._runs)
            failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    @property
    def is_settled(self) -> bool:
        """Whether `flush` would neither wait nor raise an error."""
        return not self._runs and self._failure is None  # without the lock, which may have been held at a fork

    def _send_all(self) -> None:
        """Sends what waits, and ends: the next `put` starts another thread."""
        while together := self._next():
            self._send(together)

    def _send(self, together: list[tuple[Array, Array]]) -> None:
        """Sends batches in one request, or each in its own if the service refuses all of them together."""
        pixels = np.concatenate([pixels for pixels, _ in together])
        try:
            accepted, duplicates = self._deliver(pixels, np.concatenate([labels for _, labels in together]))
            self._note(pixels, accepted, duplicates, None)
        except Exception as error:  # whatever it is, the caller of the next method shall see it
            accepted, duplicates = (error.accepted, error.duplicates) if isinstance(error, Problem) else (0, 0)
            if _is_refusal(error) and len(together) > 1 and not accepted + duplicates:
                for batch in together:
                    self._send([batch])
            else:
                self._note(pixels, accepted, duplicates, error)

    def _next(self) -> list[tuple[Array, Array]]:
        together: list[tuple[Array, Array]] = []
        with self._changed:
            while self._waiting and _fits(together, self._waiting[0]):
                together.append(self._waiting.popleft())
            if not together:
                self._runs = False
                self._changed.notify_all()
        return together

    def _note(self, pixels: Array, accepted: int, duplicates: int, error: Exception | None) -> None:
        with self._changed:
            sent = len(pixels) if error is None else accepted + duplicates
            self.sent += sent
            self.accepted += accepted
            self.duplicates += duplicates
            self._bytes -= pixels.nbytes
            if error is not None:
                dropped = [] if _is_refusal(error) else [each for each, _ in self._waiting]
                if dropped:
                    self._waiting.clear()
                    self._bytes -= sum(each.nbytes for each in dropped)
                _LOG.error("%d images were not sent: %s", len(pixels) - sent + sum(map(len, dropped)), error)
                self._failure = self._failure or error
            self._changed.notify_all()


class Sending:
    """A source whose images are sent in the background: what `Reverie.send` returns.

    One thread reads the source, and another one sends; the first one waits while too many images wait for the second one.
    """

    def __init__(self, deliver: Deliver, batches: Iterable[tuple[Any, Any]]) -> None:
        self._sender = Sender(deliver)
        self._failure: Exception | None = None
        self._reader = threading.Thread(target=self._read, args=(batches,), name="reverie-reader")
        self._reader.start()

    def __repr__(self) -> str:
        return f"Sending({self.sent} images so far{'' if self._reader.is_alive() else ', source at its end'})"

    @property
    def sent(self) -> int:
        """Number of images that have been sent so far."""
        return self._sender.sent

    @property
    def is_settled(self) -> bool:
        """Whether `wait` would neither wait nor raise an error."""
        return not self._reader.is_alive() and self._failure is None and self._sender.is_settled

    def wait(self) -> tuple[int, int]:
        """Waits until all images are durable; returns the numbers of accepted samples and of duplicates.

        Raises the error that the source raised, or the first one of the service.
        """
        self._reader.join()
        try:
            self._sender.flush()
        except Exception as error:
            self._failure = self._failure or error
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return self._sender.accepted, self._sender.duplicates

    def _read(self, batches: Iterable[tuple[Any, Any]]) -> None:
        try:
            for images, labels in batches:
                try:
                    self._sender.put(images, labels)
                except Problem as problem:
                    if not problem.is_refusal:
                        raise
                    self._failure = self._failure or problem  # of other images, while these are sent
        except Exception as error:  # of the source or of the service: `wait` raises it in the thread of the caller
            _LOG.error("the images of the source are no longer sent: %s", error)
            self._failure = error


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, Problem) and error.is_refusal


def _fits(together: list[tuple[Array, Array]], batch: tuple[Array, Array]) -> bool:
    """Returns whether a batch can be sent with others: those of another size, or of another type, cannot."""
    pixels, labels = batch
    return not together or (
        together[0][0].shape[1:] == pixels.shape[1:]
        and together[0][0].dtype == pixels.dtype
        and together[0][1].dtype.kind == labels.dtype.kind
        and sum(len(each) for each, _ in together) + len(pixels) <= _TOGETHER
        and sum(each.nbytes for each, _ in together) + pixels.nbytes <= REQUEST_BYTES
    )
