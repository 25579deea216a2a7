"""The error that a service reports."""

from __future__ import annotations

import json
from typing import Any


class Problem(Exception):
    """Raised when the service refuses a request.

    `status` is the HTTP status, `type` is a stable identifier, and `detail` says what went wrong and what to do. If the service
    has refused only some samples of a request, `accepted` and `duplicates` are the numbers of the others.
    """

    UNKNOWN = "about:blank"
    _OF_SAMPLES = (400, 409, 413, 415, 422)

    def __init__(self, status: int, type: str, detail: str, accepted: int = 0, duplicates: int = 0) -> None:
        super().__init__(f"{detail} ({status} {type})")
        self.status, self.type, self.detail = status, type, detail
        self.accepted, self.duplicates = accepted, duplicates

    @property
    def is_refusal(self) -> bool:
        """Whether the samples of the request are refused, and others may be taken."""
        return self.status in self._OF_SAMPLES

    def __reduce__(self) -> tuple[Any, ...]:
        return Problem, (self.status, self.type, self.detail, self.accepted, self.duplicates)

    @staticmethod
    def of(status: int, reason: str, body: bytes) -> Problem:
        """Reads the problem document of an answer; an answer without one becomes `UNKNOWN` with its reason."""
        try:
            document = json.loads(body)
            type, detail = document["type"], document["detail"]
            return Problem(status, type, detail, int(document.get("accepted", 0)), int(document.get("duplicates", 0)))
        except (ValueError, KeyError, TypeError):
            return Problem(status, Problem.UNKNOWN, reason)


def memory_empty() -> Problem:
    """The problem of a memory that has no images."""
    return Problem(404, "/problems/memory-empty", "no class has images yet: send samples first, or wait")


def unknown_class(label: str) -> Problem:
    """The problem of a class that has no images."""
    return Problem(404, "/problems/unknown-class", f"the memory has no images of the class '{label}': check the label")
