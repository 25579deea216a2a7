"""Fixtures: services of both contracts, and the programs that the tests need."""

from __future__ import annotations

import os
from typing import Iterator

import pytest

from service import Contract, TestService


@pytest.fixture(params=list(Contract), ids=lambda contract: contract.value)
def service(request: pytest.FixtureRequest) -> Iterator[TestService]:
    """A service without images, once for each contract."""
    with TestService(request.param) as running:
        yield running


@pytest.fixture(params=list(Contract), ids=lambda contract: contract.value)
def mosaics(request: pytest.FixtureRequest) -> Iterator[TestService]:
    """A service that hands out four images for each stored one."""
    with TestService(request.param, factor=2) as running:
        yield running


@pytest.fixture
def real_url() -> str:
    """The address of a real, empty service; the tests that use it are skipped without one."""
    url = os.environ.get("REVERIE_TEST_URL")
    if not url:
        pytest.skip("REVERIE_TEST_URL is not set")
    return url


def required(module: str) -> None:
    """Skips the tests of a file if a module is missing, or fails if REVERIE_TEST_PROGRAMS=required."""
    try:
        __import__(module)
    except ImportError:
        if os.environ.get("REVERIE_TEST_PROGRAMS") == "required":
            raise
        pytest.skip(f"this Python has no {module}", allow_module_level=True)
