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
required("PIL")

from PIL import Image  # noqa: E402

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
    reservoirs = [rows[f"reservoir, quality {quality}"] for quality in (30, 50, 70, 90)]
    assert lines[0].split() == ["memory", "images", "bytes", "accuracy", "(%)", "before", "review", "(%)"]
    assert len(rows) == 6
    for _, size, *_ in reservoirs:
        assert 0 < int(size) <= int(rows["Reverie"][1])
    assert float(rows["Reverie"][2]) > float(rows["none"][2])


def test_it_reads_npz_files_as_keras_has_them(example: ModuleType, tmp_path: Path) -> None:
    grey, colour = np.arange(2 * 4 * 4, dtype=np.uint8).reshape(2, 4, 4), np.zeros((1, 4, 4, 3), dtype=np.uint8)
    colour[0, 1, 2] = (7, 8, 9)
    np.savez(tmp_path / "data.npz", x_train=grey, y_train=[3, 1], x_test=colour, y_test=np.array([[5]]))

    (train, labels), (test, of_test) = example.keras_npz(tmp_path / "data.npz")

    assert train.tolist() == grey[:, None].tolist() and labels.tolist() == [3, 1]
    assert test.shape == (1, 3, 4, 4) and test[0, :, 1, 2].tolist() == [7, 8, 9] and of_test.tolist() == [5]


@pytest.mark.parametrize("split", [True, False])
def test_it_reads_folders_of_photographs(example: ModuleType, tmp_path: Path, split: bool) -> None:
    for part in ("train", "val") if split else ("",):
        for label in range(10):
            folder = tmp_path / part / f"class-{label}"
            folder.mkdir(parents=True)
            (folder / "README.md").write_text("no picture")
            for i in range(10):
                Image.new("RGB", (100, 70), (20 * label, i, 0)).save(folder / f"{i}.png")

    (train, labels), (test, of_test) = example.photographs(tmp_path)

    assert (train.shape, test.shape) == (((100, 3, 64, 64), (100, 3, 64, 64)) if split else ((90, 3, 64, 64), (10, 3, 64, 64)))
    assert train[:, 0, 0, 0].tolist() == (20 * labels).tolist()
    assert test[:, 0, 0, 0].tolist() == (20 * of_test).tolist()
    assert len(np.unique(of_test)) == 10


def test_a_reservoir_is_a_uniform_sample_that_fills_its_bytes(example: ModuleType) -> None:
    random = np.random.default_rng(0)
    images = random.integers(100, 110, (400, 3, 16, 16), dtype=np.uint8)
    reservoir = example.Reservoir(10_000, 50, example.Normalisation(images), 0)
    for start in range(0, 400, 20):
        reservoir.add(images[start : start + 20], np.arange(start, start + 20))

    count, size = reservoir.size()
    labels = np.concatenate([reservoir.batch()[0][1] for _ in range(20)])
    assert 9_500 < size <= 10_000 and count == len(np.unique(labels))
    assert 170 < np.unique(labels).mean() < 230


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
