"""A small service that keeps real images in place of learned ones. It speaks the HTTP API as far as the client uses it."""

from __future__ import annotations

import base64
import contextlib
import csv
import enum
import io
import json
import socket
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np

from reverie.mosaic import decoded


class Contract(enum.Enum):
    """What a service hands out."""

    BYTES = "bytes"  # pictures, or images as uint8; no parameters where they equal the images; the integers that were sent
    FLOATS = "floats"  # images as float32, all arrays, no integers; services up to 0.1


class TestService:
    """A service on a free port. Tests set `failures`, and read the other fields.

    factor  with which the images that are kept are decoded to those that are handed out
    """

    __test__ = False

    def __init__(self, contract: Contract = Contract.BYTES, factor: int = 1) -> None:
        self.contract = contract
        self.factor = factor
        self.has_pictures = contract is Contract.BYTES
        self.phase = "distilling"
        # status, problem type, Retry-After or Location of the next answers; a proxy sends those without a type
        self.failures: list[tuple[int, str | None, str | None]] = []
        self.closes = False  # whether each connection ends after its answer, without saying so
        self.requests: list[str] = []
        self.statuses: list[int] = []
        self.sizes: list[int] = []  # numbers of images in the requests with images
        self.tokens: list[str | None] = []
        self.connections = 0
        self.images: dict[str, list[np.ndarray]] = {}
        self.integers = True
        self.sealed: set[str] = set()  # classes whose images are refused
        self.names: dict[str, str | None] = {}
        self.refusals: dict[str, list[dict[str, Any]]] = {}  # in the status
        self.version = 0
        self._lock = threading.Lock()
        self._server = self._listen(0)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> TestService:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stops listening, and breaks the open connections."""
        self._server.shutdown()
        self._server.server_close()
        for connection in self._server.open_connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def restart(self) -> None:
        """Listens again, on the same port."""
        self._server = self._listen(self.port)

    def add(self, images: np.ndarray, labels: Any) -> int:
        """Adds uint8 images [n, C, H, W]; returns how many were new."""
        with self._lock:
            self.integers = self.integers and np.asarray(labels).dtype.kind in "iu"
            accepted = 0
            for image, label in zip(images, labels):
                known = self.images.setdefault(str(label), [])
                if not any(np.array_equal(image, each) for each in known):
                    known.append(image)
                    accepted += 1
            self.version += 1
            return accepted

    def memory(self, chosen: list[int] | None = None) -> bytes:
        """Returns the NPZ file of all images, or of the decoded images with the chosen numbers."""
        names = list(self.images)
        stored, kept, factor = *self.stored(), self.factor
        images, labels = decoded(stored, kept, factor)
        if chosen is not None:
            images, labels = images[chosen], labels[chosen]
            stored, kept, factor = images, labels, 1
        channels = images.shape[1]
        arrays: dict[str, Any] = {
            "images": images,
            "labels": labels,
            "factor": np.int64(factor),
            "mean": np.full(channels, 0.5, dtype=np.float32),
            "std": np.full(channels, 0.25, dtype=np.float32),
            "class_names": np.array(names),
            "class_index": np.arange(len(names)),
        }
        if factor > 1 or self.contract is Contract.FLOATS:
            arrays["parameters"], arrays["parameter_labels"] = stored, kept
        if self.contract is Contract.BYTES and self.integers:
            arrays["label_values"] = np.array([int(name) for name in names])
        if self.contract is Contract.FLOATS:
            for name in ("images", "parameters"):
                arrays[name] = (arrays[name] / np.float32(255)).astype(np.float32)
        return _npz(arrays)

    def stored(self) -> tuple[np.ndarray, np.ndarray]:
        """Returns the images that are kept, class by class, and the index of the class of each."""
        classes = self.images.values()
        stored = np.concatenate([np.stack(each) for each in classes])
        return stored, np.repeat(np.arange(len(self.images)), [len(each) for each in classes])

    def coded(self) -> bytes:
        """Returns the zip of pictures, which are PNG, of at most three cells in a row, each one pixel larger than an image."""
        (stored, labels), names = self.stored(), list(self.images)
        about = {
            "version": 1,
            "shape": stored.shape[1:],
            "factor": self.factor,
            "cell": [stored.shape[3] + 1, stored.shape[2] + 1],
            "quality": 100,
            "mean": [0.5] * stored.shape[1],
            "std": [0.25] * stored.shape[1],
            "classes": [
                {"label": name, "index": index, "file": f"{index}.png", "images": len(self.images[name])}
                for index, name in enumerate(names)
            ],
        }
        pictures = {f"{index}.png": png(stored[labels == index]) for index in range(len(names))}
        return zipped({"memory.json": json.dumps(about).encode(), **pictures})

    def _listen(self, port: int) -> _Server:
        server = _Server(("127.0.0.1", port), _handler(self))
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server


def png(images: np.ndarray) -> bytes:
    """Returns a picture of images, uint8 [n, C, H, W]: at most three in a row, with a white border right and below."""
    from PIL import Image

    n, c, h, w = images.shape
    columns = min(n, 3)
    rows = -(-n // columns)
    cells = np.full((rows * columns, c, h + 1, w + 1), 255, dtype=np.uint8)
    cells[:n, :, :h, :w] = images
    pixels = cells.reshape(rows, columns, c, h + 1, w + 1).transpose(0, 3, 1, 4, 2).reshape(rows * (h + 1), -1, c)
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if c == 1 else pixels).save(file, "PNG")
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Returns a zip of files that are not compressed."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return result.getvalue()


def _npz(arrays: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *arguments: Any) -> None:
        self.open_connections: list[Any] = []
        super().__init__(*arguments)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Prints nothing about connections that end."""


def _handler(service: TestService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            service.connections += 1
            self.server.open_connections.append(self.connection)

        def do_GET(self) -> None:
            self._answer()

        do_POST = do_PATCH = do_DELETE = do_GET

        def log_message(self, *_: Any) -> None:
            pass

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            service.requests.append(f"{self.command} {self.path}")
            service.tokens.append(self.headers.get("Authorization"))
            self.close_connection = service.closes
            if service.failures:
                status, kind, retry_after = service.failures.pop(0)
                headers = {"Location" if 300 <= status < 400 else "Retry-After": retry_after} if retry_after else {}
                if kind is None:
                    self._send(status, b"<html>", headers | {"Content-Type": "text/html"})
                else:
                    self._problem(status, kind, headers)
                return
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            self._route(f"{self.command} {unquote(address.path)}", query, body)

        def _route(self, call: str, query: dict[str, str], body: bytes) -> None:
            memory = call in ("GET /v1/memory", "GET /v1/memory/sample")
            if memory and not service.images:
                self._problem(404, "memory-empty")
            elif call == "GET /v1/memory":
                kind = query.get("format", "npz")
                tag = f'"{service.version}.{kind}"'
                if kind == "zip" and not service.has_pictures:
                    self._problem(400, "parameter-invalid")
                elif self.headers.get("If-None-Match") == tag:
                    self._send(304, b"", {"ETag": tag})
                else:
                    self._send(200, service.coded() if kind == "zip" else service.memory(), {"ETag": tag})
            elif call == "GET /v1/memory/sample":
                self._sample(query)
            elif call == "POST /v1/samples":
                if self.headers["Content-Type"] == "image/png":
                    self._pictures([{"label": query["label"], "image": base64.b64encode(body).decode()}])
                    return
                if "ndjson" in self.headers["Content-Type"]:
                    self._pictures([json.loads(line) for line in body.splitlines()])
                    return
                with np.load(io.BytesIO(body)) as arrays:
                    images, labels = arrays["images"], arrays["labels"]
                self._add(images if images.ndim == 4 else images[:, None], labels)
            elif call == "GET /v1/status":
                self._json(200, {"samples": sum(map(len, service.images.values()))} | service.refusals)
            elif call == "GET /v1/classes":
                self._json(200, [self._class(name) for name in service.images])
            elif call.split(" ")[1].startswith("/v1/classes/"):
                self._one_class(call, query, body)
            elif call == "GET /readyz":
                self._json(200, {"ready": True})
            else:
                self._problem(404, "not-found")

        def _pictures(self, lines: list[dict[str, str]]) -> None:
            from PIL import Image

            try:
                pixels = [np.asarray(Image.open(io.BytesIO(base64.b64decode(line["image"])))) for line in lines]
            except OSError:
                self._problem(400, "image-invalid")
                return
            images = np.stack([each[None] if each.ndim == 2 else np.moveaxis(each, -1, 0) for each in pixels])
            self._add(images, [line["label"] for line in lines])

        def _add(self, images: np.ndarray, labels: Any) -> None:
            service.sizes.append(len(labels))
            taken = np.array([str(label) not in service.sealed for label in labels])
            images, labels = images[taken], np.asarray(labels)[taken]
            accepted = service.add(images if images.dtype == np.uint8 else np.rint(images / 257).astype(np.uint8), labels)
            counts = {"accepted": accepted, "duplicates": len(labels) - accepted}
            if taken.all():
                self._json(200, counts)
            else:
                self._problem(409, "class-sealed", **counts)

        def _sample(self, query: dict[str, str]) -> None:
            names = list(service.images)
            wanted = next(csv.reader([query["classes"]])) if "classes" in query else names
            if not set(wanted) <= set(names):
                self._problem(404, "unknown-class")
                return
            random = np.random.default_rng(int(query["seed"]) if "seed" in query else None)
            labels = np.repeat(service.stored()[1], service.factor**2)
            chosen = []
            for i in range(int(query["n"])):
                own = np.flatnonzero(labels == names.index(wanted[i % len(wanted)]))
                chosen.append(int(random.choice(own)))
            self._send(200, service.memory(chosen), {})

        def _one_class(self, call: str, query: dict[str, str], body: bytes) -> None:
            name = call.split("/")[3]
            if name not in service.images:
                self._problem(404, "unknown-class")
            elif call.startswith("DELETE") and call.endswith("/seal"):
                self._send(204, b"", {})
            elif call.startswith("DELETE"):
                del service.images[name]
                service.version += 1
                self._send(204, b"", {})
            elif call.endswith("/merge"):
                accepted = sum(service.add(image[None], [query["into"]]) for image in service.images.pop(name))
                self._json(200, {"accepted": accepted, "duplicates": 0})
            else:
                if call.startswith("PATCH"):
                    service.names[name] = json.loads(body)["name"]
                self._json(202 if "when" in query else 200, self._class(name))

        def _class(self, name: str) -> dict[str, Any]:
            shown = service.names.get(name)
            index, seen = list(service.images).index(name), len(service.images[name])
            return {"label": name, "name": shown, "index": index, "phase": service.phase, "seen": seen}

        def _problem(self, status: int, kind: str, headers: dict[str, str] | None = None, **fields: int) -> None:
            problem = {"type": f"/problems/{kind}", "title": kind, "status": status, "detail": f"because {kind}"}
            self._send(status, json.dumps(problem | fields).encode(), headers or {})

        def _json(self, status: int, value: Any) -> None:
            self._send(status, json.dumps(value).encode(), {})

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            service.statuses.append(status)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def until(condition: Callable[[], bool]) -> None:
    """Waits for something that happens in the background, at most a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("the condition did not hold within 60 s")
        threading.Event().wait(0.01)


def ended(thread: threading.Thread) -> None:
    """Waits for the end of a thread, at most a minute."""
    thread.join(60)
    assert not thread.is_alive(), "the thread did not end within 60 s"


def pictures(count: int, channels: int = 1, side: int = 8, seed: int = 0) -> np.ndarray:
    """Random images: uint8 [count, channels, side, side]."""
    return np.random.default_rng(seed).integers(0, 256, (count, channels, side, side), dtype=np.uint8)
