"""The calls of a service."""

from __future__ import annotations

import io
import json
import os
import time
from typing import Any, Iterable, Sequence
from urllib.parse import quote, urlencode

import numpy as np

from reverie.connection import Connection
from reverie.local import LocalMemory
from reverie.problem import Problem
from reverie.snapshot import Array, Batch, Dtype, Snapshot, fetch

Label = str | int

_PHASES = ("collecting", "distilling", "converged", "sealed")
_IMAGE_BYTES = 4 << 20  # maximum size of the images in one request; by default, a service accepts 8 MiB


def _encoded(labels: Array) -> Array:
    """Returns labels in the form in which they are sent. A number that is no integer would become another class."""
    if labels.dtype.kind == "S":
        labels = labels.astype("U")
    if labels.dtype.kind == "f" and np.all(np.abs(labels) < 2**53) and np.array_equal(labels, np.rint(labels)):
        labels = labels.astype("<i8")
    if any(isinstance(label, bool) or not isinstance(label, (str, int)) for label in labels.ravel().tolist()):
        raise ValueError(f"labels are integers or strings, not {labels.dtype}: convert them, for example with astype(int)")
    if labels.dtype.kind not in "iu":
        return labels.astype("U")
    if labels.size and int(labels.max()) >= 2**63:
        raise ValueError("integer labels are below 2**63: send other integers, or strings")
    return labels.astype("<i8")


def _array(value: Any) -> Array:
    """Returns an array, a tensor of PyTorch on any device, a picture of Pillow, or a list of these as an array.

    Pictures become [C, H, W] or, if they are grey, [H, W]. This module imports neither PyTorch nor Pillow.
    """
    if isinstance(value, (list, tuple)) and any(hasattr(each, "shape") or hasattr(each, "getbands") for each in value):
        return np.stack([_array(each) for each in value])
    if hasattr(value, "getbands"):
        pixels = np.asarray(value.convert("L" if value.mode in ("1", "L", "LA") else "RGB"))
        return np.moveaxis(pixels, -1, 0) if pixels.ndim == 3 else pixels
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        return np.asarray(value.float() if value.is_floating_point() else value)
    return np.asarray(value)


def load(file: str | os.PathLike[str], dtype: Dtype = "float32") -> dict[str, Array]:
    """Reads a memory that was saved to a file, such as `synthetic.zip`; returns what `Reverie.memory` returns.

    Raises `ValueError` if the file is damaged, and `ImportError` if it has pictures and Pillow is not installed.
    """
    with open(file, "rb") as content:
        return Snapshot.of(content.read()).dictionary(dtype)


class Reverie:
    """A running service.

    The first call connects. Each thread keeps one connection open. An object can be used by several threads, copied by a
    fork, and pickled; a pickle in a file has no token. Labels are integers or strings; the integer 3 and the string "3" are the same class.

    url       address of the service
    token     token to send, for services that require one
    timeout   seconds to wait for a connection, and for each further part of an answer; then a call raises `TimeoutError`
    patience  seconds for which a call is repeated while the service is overloaded, full, not ready or restarting, even if a
              proxy answers in its place. Calls can be repeated safely, because the service recognises duplicates. A call
              raises `ConnectionError` at once if the address has never answered.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8080",
        token: str | None = None,
        timeout: float = 60,
        patience: float = 60,
    ) -> None:
        self._connection = Connection(url, token, timeout, patience)
        self._kept: Snapshot | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": None}

    def wait_ready(self, timeout: float = 60) -> None:
        """Waits until the service accepts samples; raises `TimeoutError` if it does not within `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self._connection.impatient(timeout) as connection:
            while True:
                try:
                    connection.send("GET", "/readyz")
                    self._connection.count_answer()
                    return
                except (OSError, Problem) as error:
                    if time.monotonic() >= deadline:
                        raise TimeoutError(f"{self._connection.url} is not ready after {timeout:g} s: {error}") from error
                time.sleep(min(0.2, max(0.0, deadline - time.monotonic())))

    def samples(
        self, images: Any, labels: Any, ids: Sequence[str] | None = None, batch: int = 256
    ) -> tuple[int, int]:
        """Sends labelled images; returns the numbers of accepted samples and of duplicates.

        images  [n, C, H, W], [n, H, W, C] or [n, H, W], as an array, a tensor, or a list of these; floats in [0, 1], integers from 0
                to 255, uint16 with levels of 16 bits, or bool; or pictures of Pillow, which have the same size, or a single one
        labels  n integers or strings, or one for a single picture
        ids     n strings that identify duplicates; without ids, samples with the same label and content are duplicates
        batch   maximum number of images per request; a request contains fewer images if they are large

        All samples are durable when this method returns. If the service refuses some (because their id belongs to another
        image, or their class is sealed), it has stored all others of the same request, and this method raises an error
        that names them.
        """
        single = hasattr(images, "getbands")
        pixels, names = _array([images] if single else images), np.atleast_1d(_array(labels))
        if pixels.dtype.kind not in "biu":
            pixels = pixels.astype("<f4")
        names = _encoded(names)
        if len(pixels) != len(names) or (ids is not None and len(ids) != len(pixels)):
            raise ValueError("expected one label per image, and one id per image if ids are given")
        if 0 in pixels.shape[1:]:
            raise ValueError(f"images of the shape {pixels.shape[1:]} have no pixels: leave them out")
        if len(pixels):
            batch = max(1, min(batch, _IMAGE_BYTES // pixels[0].nbytes))
        accepted = duplicates = 0
        for start in range(0, len(pixels), batch):
            part = slice(start, start + batch)
            arrays = {"images": np.ascontiguousarray(pixels[part]), "labels": names[part]}
            if ids is not None:
                arrays["ids"] = np.asarray(ids[part]).astype("U")
            body = io.BytesIO()
            np.savez(body, **arrays)
            answer = self._json("POST", "/v1/samples", body.getvalue(), {"Content-Type": "application/x-npz"})
            accepted += answer["accepted"]
            duplicates += answer["duplicates"]
        return accepted, duplicates

    def memory(self, dtype: Dtype = "float32") -> dict[str, Array]:
        """Returns the whole memory as a dictionary of read-only arrays. Fetches it again only if it has changed.

        The arrays are those of the file format of a distilled set, except that the labels are those of `sample`.
        """
        self._kept = fetch(self._connection, self._kept)
        return self._kept.dictionary(dtype)

    def zip(self) -> bytes:
        """Returns the whole memory as a zip file of pictures, which any viewer shows and `load` reads once it is saved."""
        return self._connection.send("GET", "/v1/memory?format=zip").body

    def sample(
        self,
        n: int = 64,
        seed: int | None = None,
        classes: Iterable[Label] | None = None,
        dtype: Dtype = "float32",
    ) -> Batch:
        """Returns a random batch as a tuple (images, labels, names).

        The numbers of images per class differ by at most one.
        images are [n, C, H, W], as float32 in [0, 1] or uint8 in [0, 255]. labels are int64 [n]: the integers that were
        sent, or, if the label of any current class is not an integer, class indices. names is a dictionary from
        each number in labels to the label of the class.

        seed     seed of the random choice; equal seeds give equal batches as long as the memory does not change
        classes  labels of the classes to draw from, at least one; by default, all classes
        """
        query: dict[str, Any] = {"n": n}
        if seed is not None:
            query["seed"] = seed
        if classes is not None:
            query["classes"] = ",".join(_listed(str(label)) for label in classes)
            if not query["classes"]:
                raise ValueError("classes is empty: name one or more, or leave it out to draw from all")
        answer = self._connection.send("GET", "/v1/memory/sample?" + urlencode(query))
        return Snapshot.of(answer.body).batch(dtype)

    def local(self, refresh: float = 5.0) -> LocalMemory:
        """Returns a copy of the memory in this process, which is brought up to date every `refresh` seconds."""
        return LocalMemory(self._connection, refresh)

    def classes(self) -> list[dict[str, Any]]:
        """Returns the state of every class, in order of first arrival. The memory has no class that is `damaged`."""
        return list(self._json("GET", "/v1/classes"))

    def status(self) -> dict[str, Any]:
        """Returns the totals of the service."""
        return dict(self._json("GET", "/v1/status"))

    def wait(self, label: Label, phase: str = "converged", timeout: float = 300) -> dict[str, Any]:
        """Waits until a class is in a phase, or in a later one of collecting, distilling, converged and sealed.

        Returns the state of the class. Raises `TimeoutError` after `timeout` seconds. The class need not exist yet.
        """
        if phase not in _PHASES:
            raise ValueError(f"the phase '{phase}' is unknown: use one of {', '.join(_PHASES)}")
        deadline = time.monotonic() + timeout
        while True:
            try:
                state = dict(self._json("GET", f"/v1/classes/{_quoted(label)}"))
                if _PHASES.index(state["phase"]) >= _PHASES.index(phase):
                    return state
                found = f"is {state['phase']}"
            except Problem as problem:
                if problem.type != "/problems/unknown-class":
                    raise
                found = "does not exist"
            if time.monotonic() >= deadline:
                raise TimeoutError(f"the class '{label}' {found}, and not {phase}, after {timeout:g} s: wait longer")
            time.sleep(min(0.5, max(0.0, deadline - time.monotonic())))

    def rename(self, label: Label, name: str | None) -> dict[str, Any]:
        """Gives a class a name for people to read, or removes it; the label stays the same. Returns the state of the class."""
        body = json.dumps({"name": name}).encode()
        return dict(self._json("PATCH", f"/v1/classes/{_quoted(label)}", body, {"Content-Type": "application/json"}))

    def seal(self, label: Label, when: str | None = None) -> dict[str, Any]:
        """Seals a class: it accepts no more images, its real images are deleted, and its synthetic images are kept.

        when  "converged" seals the class as soon as it has converged, and returns at once; `cancel_seal` cancels that
        """
        query = "" if when is None else "?" + urlencode({"when": when})
        return dict(self._json("POST", f"/v1/classes/{_quoted(label)}/seal{query}", b""))

    def cancel_seal(self, label: Label) -> None:
        """Cancels a seal that waits until the class has converged. A class that is sealed already cannot be opened again."""
        self._connection.send("DELETE", f"/v1/classes/{_quoted(label)}/seal")

    def merge(self, label: Label, into: Label) -> tuple[int, int]:
        """Sends the real images of a class to another one, and forgets the class.

        Returns the numbers of images that are new to the other class and of those that it had already.
        """
        query = urlencode({"into": str(into)})
        answer = self._json("POST", f"/v1/classes/{_quoted(label)}/merge?{query}", b"")
        return answer["accepted"], answer["duplicates"]

    def forget(self, label: Label) -> None:
        """Deletes everything about a class. Forgetting an unknown class is not an error."""
        try:
            self._connection.send("DELETE", f"/v1/classes/{_quoted(label)}")
        except Problem as problem:
            if problem.type != "/problems/unknown-class":
                raise

    def _json(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Any:
        return json.loads(self._connection.send(method, path, body, headers).body)


def _quoted(label: Label) -> str:
    """Encodes a label for a path. The service removes the space before dots, which proxies could take for a step within it."""
    return ("%20" if str(label) in (".", "..") else "") + quote(str(label), safe="")


def _listed(label: str) -> str:
    """Quotes a label for a list if it could be taken for several."""
    return '"' + label.replace('"', '""') + '"' if "," in label or label.startswith('"') else label
