"""How a client reaches its service."""

from __future__ import annotations

import copy
import json
import math
import multiprocessing
import pickle
import socket
import ssl
import threading
import time
from typing import Any

import pytest

from reverie import Problem, Reverie
from reverie.connection import Connection
from service import TestService, ended, pictures


def test_calls_share_one_connection(service: TestService) -> None:
    memory = Reverie(service.url)
    for _ in range(5):
        memory.status()

    assert service.connections == 1


@pytest.mark.parametrize("token", ["s3cret\n", "s3cret!", "s3cret\u00e9"])
def test_a_token_that_the_service_cannot_accept_is_refused_without_being_shown(service: TestService, token: str) -> None:
    with pytest.raises(ValueError, match="a token has only letters") as refused:
        Reverie(service.url, token=token)

    assert "s3cret" not in str(refused.value)


def test_each_thread_has_a_connection(service: TestService) -> None:
    memory = Reverie(service.url)
    memory.status()
    thread = threading.Thread(target=memory.status)
    thread.start()
    ended(thread)

    assert service.connections == 2


def test_a_connection_that_the_service_has_closed_is_opened_again(service: TestService) -> None:
    memory = Reverie(service.url, patience=0)
    service.closes = True
    for _ in range(3):
        memory.status()

    assert service.connections == 3


def test_a_child_process_has_connections_of_its_own(service: TestService) -> None:
    memory = Reverie(service.url)
    memory.status()
    with multiprocessing.get_context("fork").Pool(2) as workers:
        found = workers.map(_samples, [memory] * 8)
        assert memory.status() == {"samples": 0}

    assert found == [0] * 8


def _samples(memory: Reverie) -> Any:
    return memory.status()["samples"]


def test_a_token_is_sent_with_each_request(service: TestService) -> None:
    memory = Reverie(service.url, token="secret")
    memory.status()
    Reverie(service.url).status()

    assert service.tokens == ["Bearer secret", None]


def test_a_token_reaches_other_processes_and_copies_but_no_file(service: TestService) -> None:
    memory = Reverie(service.url, token="secret")
    with multiprocessing.get_context("spawn").Pool(1) as workers:
        workers.map(_samples, [memory])
    copy.deepcopy(memory).status()
    pickled = pickle.dumps(memory)
    pickle.loads(pickled).status()

    assert b"secret" not in pickled
    assert service.tokens == ["Bearer secret", "Bearer secret", None]


def test_a_path_of_the_address_precedes_the_calls(service: TestService) -> None:
    with pytest.raises(Problem, match="not-found"):
        Reverie(service.url + "/reverie/").classes()

    assert service.requests == ["GET /reverie/v1/classes"]


def test_a_client_can_be_pickled(service: TestService) -> None:
    memory = Reverie(service.url)
    memory.status()

    assert pickle.loads(pickle.dumps(memory)).status() == {"samples": 0}


def test_a_pickled_client_does_not_carry_its_memory(service: TestService) -> None:
    service.add(pictures(64), [7] * 64)
    memory = Reverie(service.url)
    fetched = memory.memory("uint8")

    assert len(pickle.dumps(memory)) < fetched["images"].nbytes
    assert memory.memory("uint8")["labels"] is fetched["labels"]


def test_an_address_where_nothing_listens_is_reported_at_once(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ConnectionError, match="does not answer .*refused.*: start the service"):
        Reverie(_free_address(), patience=3600).status()

    assert not caplog.records


def test_a_service_that_has_answered_may_restart(
    service: TestService, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Reverie(service.url)
    memory.status()
    service.stop()
    monkeypatch.setattr(time, "sleep", lambda _: service.restart())

    assert memory.status() == {"samples": 0}
    assert "trying again" in caplog.text


def test_patience_ends(service: TestService) -> None:
    memory = Reverie(service.url, patience=0)
    memory.status()
    service.stop()

    with pytest.raises(ConnectionError, match="does not answer"):
        memory.status()
    service.restart()


def test_a_request_is_sent_again_when_the_service_asks_for_it(service: TestService) -> None:
    service.failures = [(429, "overloaded", "0"), (503, "not-ready", "0 "), (507, "storage-full", "0")]

    assert Reverie(service.url).samples(pictures(1), [1]) == (1, 0)
    assert len(service.requests) == 4


def test_a_service_that_asks_for_no_pause_is_not_asked_at_once(
    service: TestService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.failures = [(429, "overloaded", "0"), (503, "not-ready", "1")]
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)

    assert Reverie(service.url).status() == {"samples": 0}
    assert pauses == [0.1, 1]


def test_a_request_is_not_sent_again_without_patience_or_a_time(service: TestService) -> None:
    service.failures = [(503, "not-ready", "5"), (503, "store-damaged", None)]

    with pytest.raises(Problem, match="not-ready"):
        Reverie(service.url, patience=1).status()
    with pytest.raises(Problem, match="store-damaged"):
        Reverie(service.url).status()


@pytest.mark.parametrize("retry_after", ["-1", "nan", "inf", "0.5", "1234567", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_request_is_not_sent_again_after_a_time_that_is_not_in_seconds(service: TestService, retry_after: str) -> None:
    service.failures = [(503, "not-ready", retry_after)]

    with pytest.raises(Problem, match="not-ready"):
        Reverie(service.url, patience=math.inf).status()


def test_a_service_behind_a_proxy_may_restart(service: TestService, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Reverie(service.url)
    memory.status()
    service.failures = [(502, None, None), (503, None, None), (504, None, None)]
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)

    assert memory.status() == {"samples": 0}
    assert pauses == [0.1, 0.2, 0.4]


def test_a_proxy_without_a_service_is_reported_at_once(service: TestService) -> None:
    service.failures = [(502, None, None)]

    with pytest.raises(ConnectionError, match="does not answer .a proxy answers 502 Bad Gateway.: start the service"):
        Reverie(service.url, patience=3600).status()


@pytest.mark.parametrize("call", ["status", "sample", "memory", "local"])
def test_an_address_of_web_pages_is_reported(service: TestService, call: str) -> None:
    service.failures = [(200, None, None)]

    with pytest.raises(ConnectionError, match="is not the address of a service, as it answers with text/html: check the address"):
        getattr(Reverie(service.url), call)()


def test_an_address_that_has_moved_is_reported(service: TestService) -> None:
    service.failures = [(301, None, "https://there/v1/status")]

    with pytest.raises(Problem, match="Moved Permanently to https://there/v1/status: correct the address"):
        Reverie(service.url).status()


def test_a_certificate_that_is_not_trusted_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise ssl.SSLCertVerificationError(1, "self-signed certificate")

    monkeypatch.setattr("http.client.HTTPSConnection.connect", refuse)
    memory = Reverie("https://127.0.0.1:1", patience=3600)
    memory._connection.count_answer()

    with pytest.raises(ConnectionError, match="the certificate .* is refused .*self-signed.*SSL_CERT_FILE"):
        memory.status()


def test_waiting_for_a_ready_service_counts_as_an_answer(
    service: TestService, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = Reverie(service.url)
    memory.wait_ready()
    service.stop()
    monkeypatch.setattr(time, "sleep", lambda _: service.restart())

    assert memory.status() == {"samples": 0}


def test_a_request_that_is_refused_while_it_is_sent_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_refuse_early, args=[listening])
        thread.start()
        memory = Reverie(f"http://127.0.0.1:{listening.getsockname()[1]}", patience=0)
        with pytest.raises(Problem, match="fewer images") as raised:
            memory.samples(pictures(1, side=4000), [1])
        ended(thread)

    assert raised.value.status == 413


def _refuse_early(listening: socket.socket) -> None:
    body = json.dumps({"type": "/problems/too-large", "detail": "send fewer images"}).encode()
    connection, _ = listening.accept()
    with connection:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def test_an_ipv6_address_needs_no_port() -> None:
    for address, port in (("http://[::1]", 80), ("https://[::1]", 443), ("http://[::1]:8080", 8080)):
        opened, _ = Connection(address, None, 1, 0)._connection()
        assert (opened.host, opened.port) == ("::1", port)


def test_a_service_that_does_not_answer_in_time_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(TimeoutError, match="did not answer within 0.05 s: GET /v1/status"):
            Reverie(address, timeout=0.05).status()
        with pytest.raises(TimeoutError, match="not ready after 0.05 s"):
            Reverie(address).wait_ready(timeout=0.05)


def test_waiting_for_a_ready_service_survives_refused_connections_and_answers(
    service: TestService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.stop()
    service.failures = [(503, "not-ready", "5")]
    pauses = iter([service.restart, lambda: None])
    monkeypatch.setattr(time, "sleep", lambda _: next(pauses)())

    Reverie(service.url).wait_ready()

    assert service.requests == ["GET /readyz"] * 2


def test_waiting_for_a_ready_service_ends_after_the_timeout() -> None:
    with pytest.raises(TimeoutError, match="not ready after 0 s: .*refused"):
        Reverie(_free_address()).wait_ready(timeout=0)


def test_an_address_that_is_not_a_url_is_refused() -> None:
    with pytest.raises(ValueError, match="localhost:8080.* is not a URL"):
        Reverie("localhost:8080")
    for address in ("http://localhost:8080/#here", "http://localhost:8080/?a=b", "http://me:secret@localhost:8080"):
        with pytest.raises(ValueError, match="may have a path, but no user"):
            Reverie(address)


def test_a_problem_can_be_pickled() -> None:
    problem = pickle.loads(pickle.dumps(Problem(409, "/problems/class-sealed", "leave it out", 3, 2)))

    assert (problem.status, problem.type, problem.detail) == (409, "/problems/class-sealed", "leave it out")
    assert (problem.accepted, problem.duplicates) == (3, 2)


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return f"http://127.0.0.1:{closed.getsockname()[1]}"
