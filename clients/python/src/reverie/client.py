"""The calls of a service."""

from __future__ import annotations

import base64
import io
import json
import os
import time
import weakref
from typing import Any, Callable, Iterable, Sequence
from urllib.parse import quote, urlencode

import numpy as np

from reverie.connection import Connection
from reverie.inputs import batches_of, classes_of, flat_labels, is_large, label_of, labels_of, png, requests
from reverie.local import LocalMemory
from reverie.problem import Problem
from reverie.sending import Sending
from reverie.snapshot import Array, Batch, Dtype, Snapshot, fetch

Label = str | int

_PHASES = ("collecting", "distilling", "converged", "sealed")


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
        self.__setstate__({})

    def __getstate__(self) -> dict[str, Any]:
        return {"_connection": self._connection}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._kept: Snapshot | None = None
        self._locals: weakref.WeakSet[LocalMemory] = weakref.WeakSet()
        self._sending: list[Sending] = []  # what `close` waits for, even if nobody else keeps it

    def __enter__(self) -> Reverie:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Reverie({self._connection.url!r})"

    def close(self) -> None:
        """Waits for what `send` still sends, ends the threads of local memories, and closes the connection of this thread.

        Raises the error of a `send` unless `wait()` of its result has raised it. Later calls open a new connection.
        """
        for local in list(self._locals):
            local.close()
        self._connection.close()
        while self._sending:
            self._sending.pop(0).wait()

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

        images  [n, C, H, W], [n, H, W, C] or [n, H, W], as an array, a tensor, or a list of these; floats in [0, 1], which are
                sent as the integers nearest to 255 times their values, integers from 0 to 255, uint16 with levels of 16 bits,
                or bool; or pictures of Pillow, or a single one. Images of a list may differ in size if the service resizes them.
        labels  n integers or strings, [n] or [n, 1], or one for a single picture
        ids     n strings that identify duplicates; without ids, samples with the same label and content are duplicates
        batch   maximum number of images per request; a request contains fewer images if they are large

        All samples are durable when this method returns. If the service refuses some (because their id belongs to another
        image, or their class is sealed), it has stored all others of the same request, and this method raises an error
        that names them.
        """
        accepted = duplicates = 0
        for arrays in requests(images, labels, ids, batch):
            answer = self._picture(arrays) if is_large(arrays["images"]) else self._arrays(arrays)
            accepted += answer["accepted"]
            duplicates += answer["duplicates"]
        return accepted, duplicates

    def _arrays(self, arrays: dict[str, Array]) -> dict[str, Any]:
        body = io.BytesIO()
        np.savez(body, **arrays)
        return dict(self._json("POST", "/v1/samples", body.getvalue(), {"Content-Type": "application/x-npz"}))

    def _picture(self, arrays: dict[str, Array]) -> dict[str, Any]:
        """Sends one image as a PNG, which is smaller than its array, and which a service with `--resize` takes in any size."""
        query = {name.removesuffix("s"): str(arrays[name][0]) for name in arrays if name != "images"}
        body = png(arrays["images"][0])
        return dict(self._json("POST", "/v1/samples?" + urlencode(query), body, {"Content-Type": "image/png"}))

    def pictures(self, files: Sequence[bytes], labels: Sequence[Label]) -> tuple[int, int]:
        """Sends the contents of picture files, such as PNG and JPEG, as one request; returns what `samples` returns.

        The service decodes them, and turns photographs upright. With `--resize`, their sizes may differ.
        """
        pairs = zip(labels_of(labels).tolist(), files, strict=True)
        lines = [{"label": str(label), "image": base64.b64encode(content).decode()} for label, content in pairs]
        body = "".join(json.dumps(line) + "\n" for line in lines).encode()
        answer = self._json("POST", "/v1/samples", body, {"Content-Type": "application/x-ndjson"})
        return answer["accepted"], answer["duplicates"]

    def send(self, source: Any, label: Callable[[Any], Label] | None = None) -> Sending:
        """Sends the images of a source in the background; `wait()` of the result waits until all are durable.

        source  a `DataLoader`, a dataset such as `ImageFolder`, or an iterator over batches (images, labels) or items (image,
                label); further elements are ignored
        label   called with each label of the source; returns the one to send, such as `folder.classes.__getitem__`
        """
        batches = batches_of(source)
        if label is not None:
            batches = ((images, [label(each) for each in flat_labels(labels).tolist()]) for images, labels in batches)
        sending = Sending(self.samples, batches)
        self._sending = [each for each in self._sending if not each.is_settled] + [sending]
        return sending

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
        classes: Iterable[Label] | Label | None = None,
        dtype: Dtype = "float32",
    ) -> Batch:
        """Returns a random batch as a tuple (images, labels, names).

        The numbers of images per class differ by at most one.
        images are [n, C, H, W], as float32 in [0, 1] or uint8 in [0, 255]. labels are int64 [n]: the integers that were
        sent, or, if the label of any current class is not an integer, class indices. names is a dictionary from
        each number in labels to the label of the class.

        seed     seed of the random choice; equal seeds give equal batches as long as the memory does not change
        classes  label or labels of the classes to draw from; by default, all classes
        """
        query: dict[str, Any] = {"n": n}
        if seed is not None:
            query["seed"] = seed
        if classes is not None:
            query["classes"] = ",".join(_listed(str(label)) for label in classes_of(classes))
            if not query["classes"]:
                raise ValueError("classes is empty: name one or more, or leave it out to draw from all")
        answer = self._connection.send("GET", "/v1/memory/sample?" + urlencode(query))
        return Snapshot.of(answer.body).batch(dtype)

    def local(self, refresh: float = 5.0) -> LocalMemory:
        """Returns a copy of the memory in this process, which is brought up to date every `refresh` seconds."""
        local = LocalMemory(self._connection, refresh)
        self._locals.add(local)
        return local

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
        query = urlencode({"into": label_of(into)})
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
    text = label_of(label)
    return ("%20" if text in (".", "..") else "") + quote(text, safe="")


def _listed(label: str) -> str:
    """Quotes a label for a list if it could be taken for several."""
    return '"' + label.replace('"', '""') + '"' if "," in label or label.startswith('"') else label
