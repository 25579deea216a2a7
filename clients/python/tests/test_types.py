"""The types of the package."""

from __future__ import annotations

from pathlib import Path

from conftest import required

required("mypy")

from mypy import api  # noqa: E402

ROOT = Path(__file__).parents[1]


def test_the_package_and_the_example_have_types_that_agree() -> None:
    files = [str(ROOT / "src" / "reverie"), str(ROOT / "examples" / "replay.py")]

    found, errors, status = api.run(["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir=/dev/null", *files])

    assert status == 0, found + errors
