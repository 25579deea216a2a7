"""A client for Reverie in one file. It needs only NumPy and the standard library.

    from reverie import Reverie

    memory = Reverie("http://localhost:8080")
    memory.samples(images, labels)                  # uint8, or floats in [0, 1]; [n, C, H, W] or [n, H, W]
    images, labels, names = memory.sample(64)       # a random batch, balanced over the classes
    everything = memory.memory()                    # a dictionary of arrays: images, labels, class_names, ...

To train a network in PyTorch from a memory that keeps growing and improving:

    import torch
    from torch.utils.data import DataLoader, IterableDataset

    class Replay(IterableDataset):
        def __init__(self, url, batch=64, seed=0):
            self.url, self.batch, self.seed = url, batch, seed

        def __iter__(self):
            worker = torch.utils.data.get_worker_info()
            step, stride = (worker.id, worker.num_workers) if worker else (0, 1)
            memory = Reverie(self.url)
            while True:
                images, labels, _ = memory.sample(self.batch, seed=self.seed + step)
                yield torch.from_numpy(images), torch.from_numpy(labels)
                step += stride

    for images, labels in DataLoader(Replay("http://localhost:8080"), batch_size=None):
        ...

Images are float32 in [0, 1] and not normalised; `memory()` also returns `mean` and `std` for normalising them.
"""

import http.client
import io
import json
import time
import urllib.error
import urllib.parse
import urllib.request

import numpy as np

__all__ = ["Problem", "Reverie"]


class Problem(Exception):
    """Raised when the service refuses a request.

    `status` is the HTTP status, `type` is a stable identifier, and `detail` says what went wrong and what to do.
    """

    def __init__(self, status, type, detail):
        super().__init__(f"{detail} ({status} {type})")
        self.status, self.type, self.detail = status, type, detail


class Reverie:
    """A running service.

    url       address of the service
    token     token to send, for services that require one
    timeout   seconds to wait for a response
    patience  maximum time in seconds for which a request is repeated while the service is overloaded, full, not ready or
              unreachable; samples can be sent again safely, because the service recognises duplicates
    """

    _IMAGE_BYTES = 4 << 20  # maximum size of the images in one request; by default, a service accepts 8 MiB

    def __init__(self, url="http://localhost:8080", token=None, timeout=60, patience=60):
        self._url, self._token = url.rstrip("/"), token
        self._timeout, self._patience = timeout, patience
        self._etag, self._memory = None, None

    def samples(self, images, labels, ids=None, batch=256):
        """Sends labelled images; returns the numbers of accepted samples and of duplicates.

        images  [n, C, H, W] or [n, H, W]; uint8, or floats in [0, 1]
        labels  n integers or strings
        ids     n strings that identify duplicates; without ids, samples with the same label and content are duplicates
        batch   maximum number of images per request; a request contains fewer images if they are large

        The service accepts each batch as a whole or not at all. All batches are durable when this method returns.
        """
        images, labels = np.asarray(images), np.asarray(labels)
        if images.dtype != np.uint8:
            images = images.astype("<f4")
        labels = labels.astype("<i8") if labels.dtype.kind in "iu" else labels.astype("U")
        if len(images) != len(labels) or (ids is not None and len(ids) != len(images)):
            raise ValueError("expected one label per image, and one id per image if ids are given")
        if len(images):
            batch = max(1, min(batch, self._IMAGE_BYTES // images[0].nbytes))
        accepted = duplicates = 0
        for start in range(0, len(images), batch):
            part = slice(start, start + batch)
            arrays = {"images": np.ascontiguousarray(images[part]), "labels": labels[part]}
            if ids is not None:
                arrays["ids"] = np.asarray(ids[part]).astype("U")
            body = io.BytesIO()
            np.savez(body, **arrays)
            answer = self._json("POST", "/v1/samples", body.getvalue(), {"Content-Type": "application/x-npz"})
            accepted += answer["accepted"]
            duplicates += answer["duplicates"]
        return accepted, duplicates

    def memory(self):
        """Returns the whole memory as a dictionary of read-only arrays. Fetches it again only if it has changed."""
        known = {"If-None-Match": self._etag} if self._etag else {}
        status, headers, body = self._send("GET", "/v1/memory", None, known)
        if status != 304:
            self._memory, self._etag = _arrays(body), headers.get("ETag")
            for array in self._memory.values():
                array.flags.writeable = False
        return dict(self._memory)

    def sample(self, n=64, seed=None, classes=None):
        """Returns a random batch as a tuple (images, labels, names).

        The numbers of images per class differ by at most one.
        images are float32 [n, C, H, W] and labels int64 [n]; names is a dictionary from each number in labels to the label
        of the class.

        seed     seed of the random choice; equal seeds give equal batches as long as the memory does not change
        classes  labels of the classes to draw from; by default, all classes
        """
        query = {"n": n}
        if seed is not None:
            query["seed"] = seed
        if classes is not None:
            query["classes"] = ",".join(map(str, classes))
        _, _, body = self._send("GET", "/v1/memory/sample?" + urllib.parse.urlencode(query))
        arrays = _arrays(body)
        names = dict(zip(arrays["class_index"].tolist(), arrays["class_names"].tolist()))
        return arrays["images"], arrays["labels"], names

    def classes(self):
        """Returns the state of every class, in order of first arrival. The memory has no class that is `damaged`."""
        return self._json("GET", "/v1/classes")

    def status(self):
        """Returns the totals of the service."""
        return self._json("GET", "/v1/status")

    def seal(self, label):
        """Seals a class: it accepts no more images, its real images are deleted, and its synthetic images are kept."""
        return self._json("POST", f"/v1/classes/{_quoted(label)}/seal", b"")

    def forget(self, label):
        """Deletes everything about a class. Forgetting an unknown class is not an error."""
        try:
            self._send("DELETE", f"/v1/classes/{_quoted(label)}")
        except Problem as problem:
            if problem.type != "/problems/unknown-class":
                raise

    def _json(self, method, path, body=None, headers=None):
        return json.loads(self._send(method, path, body, headers)[2])

    def _send(self, method, path, body=None, headers=None):
        deadline = time.monotonic() + self._patience
        pause = 0.1
        while True:
            try:
                return self._send_once(method, path, body, headers or {})
            except urllib.error.HTTPError as error:
                wait = error.headers.get("Retry-After")
                if wait is None or time.monotonic() + float(wait) > deadline:
                    raise _problem(error) from None
                error.close()
                time.sleep(float(wait))
            except (urllib.error.URLError, http.client.HTTPException, ConnectionError) as error:
                if time.monotonic() + pause > deadline:
                    raise ConnectionError(f"{self._url} does not respond: {error}") from error
                time.sleep(pause)
                pause = min(2 * pause, 5)

    def _send_once(self, method, path, body, headers):
        request = urllib.request.Request(self._url + path, data=body, headers=dict(headers), method=method)
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            if error.code == 304:
                return 304, error.headers, b""
            raise


def _arrays(body):
    with np.load(io.BytesIO(body), allow_pickle=False) as archive:
        return {name: _floats(archive[name]) for name in archive.files}


def _floats(array):
    return array / np.float32(255) if array.dtype == np.uint8 else array


def _quoted(label):
    return urllib.parse.quote(str(label), safe="")


def _problem(error):
    try:
        problem = json.loads(error.read())
        return Problem(error.code, problem["type"], problem["detail"])
    except (ValueError, KeyError, TypeError):
        return Problem(error.code, "about:blank", error.reason)
