"""Connections to a service that stay open."""

from __future__ import annotations

import http.client
import logging
import math
import os
import re
import ssl
import threading
import time
from dataclasses import dataclass
from multiprocessing.reduction import ForkingPickler
from typing import Any, Mapping
from urllib.parse import urlsplit

from reverie.problem import Problem

NOT_MODIFIED = 304

_LOG = logging.getLogger("reverie")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


@dataclass(frozen=True)
class Answer:
    """An answer that is not an error. The names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """Sends requests over one open connection for each thread of each process.

    A connection that the service has closed is opened again. An object can be used by several threads, copied by a fork,
    and pickled. A pickle may end in a file, so it has the token only if `multiprocessing` sends it to another process.
    Proxies are not used.

    url       http or https, with an optional path
    token     sent as a bearer token, if there is one
    timeout   seconds to wait for a connection, and for each further part of an answer
    patience  seconds for which a request is repeated if the service asks to try again later, or if it no longer listens,
              even if a proxy then answers in its place. Nothing is repeated at an address that has never answered.
    """

    def __init__(self, url: str, token: str | None, timeout: float, patience: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"the address '{url}' is not a URL: write it like http://127.0.0.1:8080")
        if parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError(f"the address of {parts.hostname} may have a path, but no user, ? or #: leave it out")
        if token and not re.fullmatch("[A-Za-z0-9._~+/=-]+", token):
            raise ValueError("a token has only letters, digits and . _ ~ + / = -: correct the token")
        self.url, self._token, self._timeout, self._patience = url.rstrip("/"), token, timeout, patience
        self._answered = False
        self._open = threading.local()

    def __getstate__(self) -> dict[str, Any]:
        return {**self._sent(), "_token": None}

    def _sent(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_open"}

    def __deepcopy__(self, _: dict[int, Any]) -> Connection:
        return self

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._open = threading.local()

    def impatient(self, timeout: float) -> Connection:
        """Returns a connection to the same service that repeats nothing and waits `timeout` seconds, but at least one.

        At the end of a with statement, the connection of this thread is closed.
        """
        return Connection(self.url, self._token, min(max(timeout, 1), self._timeout), 0)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection of this thread; its next request opens another one."""
        kept = getattr(self._open, "connection", None)
        if kept is not None:
            self._close(kept)

    def count_answer(self) -> None:
        """Notes that the service has answered, on another connection."""
        self._answered = True

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Sends a request, which the service may receive more than once, and returns its answer.

        Raises `Problem` if the service refuses the request, `ConnectionError` if it cannot be reached, and `TimeoutError` if
        it does not answer in time.
        """
        deadline = time.monotonic() + self._patience
        pause = _FIRST_PAUSE
        while True:
            try:
                answer, reason = self._send_once(method, path, body, dict(headers or {}))
                if _is_of_proxy(answer):
                    raise ConnectionError(f"a proxy answers {answer.status} {reason}")
            except TimeoutError as error:
                raise TimeoutError(f"{self.url} did not answer within {self._timeout:g} s: {method} {path}") from error
            except ssl.SSLCertVerificationError as error:
                raise ConnectionError(
                    f"the certificate of {self.url} is refused ({_described(error)}): check the address, or name a file with the"
                    " certificate of its authority in SSL_CERT_FILE"
                ) from error
            except (OSError, http.client.HTTPException) as error:
                if not self._answered or time.monotonic() + pause > deadline:
                    raise ConnectionError(
                        f"{self.url} does not answer ({_described(error)}): start the service, or check the address"
                    ) from error
                if pause == _FIRST_PAUSE:
                    _LOG.warning("%s does not answer (%s); trying again", self.url, _described(error))
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            kind = answer.headers.get("content-type", "")
            if answer.status < 300 and kind.startswith("text/"):
                raise ConnectionError(f"{self.url} is not the address of a service, as it answers with {kind}: check the address")
            self._answered = True
            if answer.status < 300 or answer.status == NOT_MODIFIED:
                return answer
            wait = max(_FIRST_PAUSE, _seconds(answer.headers.get("retry-after", "")))
            if time.monotonic() + wait >= deadline:
                to = answer.headers.get("location")
                raise Problem.of(answer.status, f"{reason} to {to}: correct the address" if to else reason, answer.body)
            time.sleep(wait)

    def _send_once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[Answer, str]:
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        connection, reused = self._connection()
        try:
            return self._exchange(connection, method, path, body, headers)
        except (http.client.BadStatusLine, BrokenPipeError, ConnectionResetError):
            if not reused:
                raise
        # The service has closed the connection since the last answer.
        return self._exchange(self._connection()[0], method, path, body, headers)

    def _exchange(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[Answer, str]:
        try:
            try:
                connection.request(method, urlsplit(self.url).path + path, body, headers)
            except (BrokenPipeError, ConnectionResetError):
                refused = _early_answer(connection)
                if refused is None:
                    raise
                self._close(connection)
                return refused
            return _received(connection)
        except BaseException:  # an interrupted exchange leaves a connection that cannot be used
            self._close(connection)
            raise

    def _close(self, connection: http.client.HTTPConnection) -> None:
        connection.close()
        self._open.connection = None

    def _connection(self) -> tuple[http.client.HTTPConnection, bool]:
        """Returns the connection of this thread, and whether it has been used. A child process doesn't use its parent's."""
        kept = getattr(self._open, "connection", None)
        if kept is not None and self._open.process == os.getpid():
            return kept, True
        parts = urlsplit(self.url)
        kind: type[http.client.HTTPConnection]
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        # Without a port, HTTPConnection would take the end of an IPv6 address for one.
        port = kind.default_port if parts.port is None else parts.port
        self._open.connection = kind(str(parts.hostname), port, timeout=self._timeout)
        self._open.process = os.getpid()
        return self._open.connection, False


def _restored(state: dict[str, Any]) -> Connection:
    connection = Connection.__new__(Connection)
    connection.__setstate__(state)
    return connection


ForkingPickler.register(Connection, lambda connection: (_restored, (connection._sent(),)))


def _received(connection: http.client.HTTPConnection) -> tuple[Answer, str]:
    response = connection.getresponse()
    content = response.read()
    fields = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, fields, content), response.reason


def _early_answer(connection: http.client.HTTPConnection) -> tuple[Answer, str] | None:
    """Returns what a service has answered before it closed the connection, which it does while it is sent too much."""
    if connection.sock is None:
        return None
    try:
        return _received(connection)
    except (OSError, http.client.HTTPException):
        return None


def _is_of_proxy(answer: Answer) -> bool:
    """Returns whether a proxy has answered because the service does not. A service explains its answers with 503."""
    if answer.status == 503:
        explained = Problem.of(answer.status, "", answer.body).type != Problem.UNKNOWN
        return not explained and math.isinf(_seconds(answer.headers.get("retry-after", "")))
    return answer.status in (502, 504)


def _described(error: Exception) -> str:
    return str(error) or type(error).__name__


def _seconds(retry_after: str) -> float:
    """Returns the seconds of a Retry-After header; a request without one, or with another value, is not repeated."""
    text = retry_after.strip()
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else math.inf
