"""The example, on a few images."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Iterator

import numpy as np
import pytest

from conftest import required

required("torch")

from service import TestService  # noqa: E402

EXAMPLE = Path(__file__).parents[1] / "examples" / "replay.py"
OF_EACH_CLASS = 40


@pytest.fixture
def address() -> Iterator[str]:
    """A real service if there is one."""
    with TestService() as service:
        yield os.environ.get("REVERIE_TEST_URL") or service.url


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("REVERIE_DATA", str(tmp_path))
    specification = importlib.util.spec_from_file_location("replay", EXAMPLE)
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def write_dataset(folder: Path) -> None:
    """Writes images whose bright bar shows their class, in the format of Fashion-MNIST."""
    folder.mkdir()
    random = np.random.default_rng(0)
    labels = np.tile(np.arange(10), OF_EACH_CLASS).astype(np.uint8)
    images = random.integers(0, 64, (len(labels), 28, 28), dtype=np.uint8)
    for image, label in zip(images, labels):
        image[2 * label + 4 : 2 * label + 6] += 150
    for part in ("train", "t10k"):
        (folder / f"{part}-images-idx3-ubyte").write_bytes(bytes(16) + images.tobytes())
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(bytes(8) + labels.tobytes())


def test_it_compares_memories_of_equal_bytes(
    example: ModuleType, address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(tmp_path / "fashion-mnist")

    example.main(["--to", address, "--limit", str(OF_EACH_CLASS), "--patience", "0", "--review", "20"])

    lines = capsys.readouterr().out.splitlines()
    rows = {line[:22].strip(): line[22:].replace(",", "").split() for line in lines[1:]}
    assert lines[0].split() == ["memory", "images", "bytes", "deflated", "accuracy", "(%)", "before", "review", "(%)"]
    assert set(rows) == {"none", "reservoir", "compressed reservoir", "Reverie"}
    assert rows["reservoir"][:2] == rows["Reverie"][:2]
    assert int(rows["compressed reservoir"][2]) == pytest.approx(int(rows["Reverie"][2]), rel=0.1)
    assert float(rows["Reverie"][3]) > float(rows["none"][3])


def test_it_reads_npz_files_as_keras_has_them(example: ModuleType, tmp_path: Path) -> None:
    grey, colour = np.arange(2 * 4 * 4, dtype=np.uint8).reshape(2, 4, 4), np.zeros((1, 4, 4, 3), dtype=np.uint8)
    colour[0, 1, 2] = (7, 8, 9)
    np.savez(tmp_path / "data.npz", x_train=grey, y_train=[3, 1], x_test=colour, y_test=np.array([[5]]))

    (train, labels), (test, of_test) = example.keras_npz(tmp_path / "data.npz")

    assert train.tolist() == grey[:, None].tolist() and labels.tolist() == [3, 1]
    assert test.shape == (1, 3, 4, 4) and test[0, :, 1, 2].tolist() == [7, 8, 9] and of_test.tolist() == [5]


def test_it_leaves_classes_of_others_alone(example: ModuleType, tmp_path: Path) -> None:
    write_dataset(tmp_path / "fashion-mnist")
    with TestService() as service:
        service.add(np.zeros((1, 1, 28, 28), dtype=np.uint8), ["bag"])

        with pytest.raises(SystemExit, match="start one with an empty store"):
            example.main(["--to", service.url])

        assert list(service.images) == ["bag"]


def test_it_says_how_to_get_the_dataset(example: ModuleType) -> None:
    with pytest.raises(SystemExit, match="reverie fetch fashion-mnist"):
        example.main([])


def test_it_refuses_fewer_images_than_a_class_needs(example: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        example.main(["--limit", "39"])

    assert "--limit must be at least 40" in capsys.readouterr().err


def test_it_refuses_a_review_without_steps(example: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        example.main(["--review", "0"])

    assert "--review must be at least 1" in capsys.readouterr().err
