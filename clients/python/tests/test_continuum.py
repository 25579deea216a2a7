"""The memory for Continuum. Continuum is not installed: `add_samples` does what commit 43ba0090 of Continvvm/continuum does."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest

from conftest import required
from reverie import Reverie
from reverie.continuum import ReverieMemory
from service import TestService, pictures


def test_it_returns_the_images_labels_and_tasks_that_were_added(service: TestService) -> None:
    memory = ReverieMemory(Reverie(service.url))
    images = np.moveaxis(pictures(4, channels=3), 1, -1)

    memory.add(images, np.array([9, 9, 4, 4]), np.array([0, 0, 1, 1]), None)
    x, y, t = memory.get()

    assert x.dtype == np.uint8 and np.array_equal(x, images)
    assert (y.tolist(), t.tolist()) == ([9, 9, 4, 4], [0, 0, 1, 1])
    assert (len(memory), memory.nb_classes) == (4, 2)


def test_grey_images_have_no_axis_of_channels(service: TestService) -> None:
    memory = ReverieMemory(Reverie(service.url))
    images = pictures(2)[:, 0]

    memory.add(images, np.array([1, 2]), np.array([0, 0]), z=None)

    assert np.array_equal(memory.get()[0], images)


def add_samples(task: np.ndarray, memory: ReverieMemory) -> np.ndarray:
    """`BaseTaskSet.add_samples`: appends the images of a memory to those of a task."""
    return np.concatenate((task, memory.get()[0]))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_images_may_have_their_channels_first_as_tensors_do(service: TestService, channels: int, dtype: type) -> None:
    sent = pictures(2, channels) if dtype is np.uint8 else (pictures(2, channels) / 255).astype(np.float32)
    memory = ReverieMemory(Reverie(service.url))
    memory.add(sent, np.array([1, 2]), np.array([0, 0]))

    assert np.array_equal(np.stack([service.images["1"][0], service.images["2"][0]]), pictures(2, channels))
    both = add_samples(sent, memory)
    assert both.dtype == dtype and np.allclose(both, np.concatenate((sent, sent)))


def lists(kind: str) -> Callable[[np.ndarray], list[Any]]:
    required(kind)
    if kind == "torch":
        import torch

        return lambda images: [torch.from_numpy(image / 255).requires_grad_() for image in images]
    from PIL import Image

    return lambda images: [Image.fromarray(image[0]) for image in images]


@pytest.mark.parametrize("kind", ["torch", "PIL"])
def test_images_may_be_a_list_of_tensors_or_pictures(kind: str) -> None:
    with TestService() as service:
        ReverieMemory(Reverie(service.url)).add(lists(kind)(pictures(2)), [[1], [2]], [0, 0])

        assert np.array_equal(np.stack([service.images["1"][0], service.images["2"][0]]), pictures(2))


def test_images_of_16_bits_come_back_with_levels_of_16_bits(service: TestService) -> None:
    sent = pictures(2)[:, 0].astype(np.uint16) * np.uint16(257)
    memory = ReverieMemory(Reverie(service.url))
    memory.add(sent, np.array([1, 2]), np.array([0, 0]))

    x, _, _ = memory.get()
    assert x.dtype == np.uint16 and np.array_equal(x, sent)


@pytest.mark.parametrize(
    ("y", "t", "message"),
    [([1, 2], [0], "as many labels and task ids"), ([1], [0, 0], "as many labels and task ids"), ([1.5, 2], [0, 0], "integers")],
)
def test_nothing_is_sent_with_labels_that_cannot_be_kept(y: list[Any], t: list[int], message: str) -> None:
    with TestService() as service:
        with pytest.raises(ValueError, match=message):
            ReverieMemory(Reverie(service.url)).add(pictures(2), y, t)

        assert not service.images


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("kind", ["U", "S255"])  # `ImageFolderDataset` has bytes
def test_paths_of_images_are_read_and_paths_come_back(tmp_path: Path, channels: int, kind: str) -> None:
    required("PIL")
    from PIL import Image

    pixels = pictures(2, channels)
    paths = [str(tmp_path / f"{i}.png") for i in range(2)]
    for path, each in zip(paths, pixels):
        Image.fromarray(np.moveaxis(each, 0, -1) if channels == 3 else each[0]).save(path)
    with TestService() as service:
        memory = ReverieMemory(Reverie(service.url))
        memory.add(np.array(paths, dtype=kind), np.array([1, 2]), np.array([0, 0]))

        both = add_samples(np.array(paths, dtype=kind), memory)
        assert all(np.array_equal(Image.open(both[i]), Image.open(both[i + 2])) for i in range(2))
        assert memory.get()[0].tolist() == both[2:].tolist()

        saved = str(tmp_path / "memory.npz")
        memory.save(saved)
        del memory
        with TestService() as other:
            ReverieMemory(Reverie(other.url)).load(saved)
            assert np.array_equal(np.stack([other.images["1"][0], other.images["2"][0]]), pixels)


def test_dark_paths_of_16_bits_stay_dark(tmp_path: Path) -> None:
    required("PIL")
    from PIL import Image

    Image.fromarray(np.full((8, 8), 255, np.uint16)).save(tmp_path / "dark.png")
    with TestService() as service:
        ReverieMemory(Reverie(service.url)).add(np.array([str(tmp_path / "dark.png")]), [1], [0])

        assert np.array_equal(service.images["1"], np.ones((1, 1, 8, 8)))


@pytest.mark.parametrize(
    ("chosen", "labels"),
    [
        ({"keep_classes": [9]}, [9, 9]),
        ({"keep_classes": np.array([9, 4]), "discard_tasks": np.array([0, 2])}, [4]),
        ({"discard_classes": [9]}, [4, 5]),
        ({"keep_tasks": [1]}, [4, 5]),
        ({"keep_classes": [9, 4], "discard_tasks": [0]}, [4]),
        ({"keep_classes": [9], "keep_tasks": [1]}, []),
        ({}, [9, 9, 4, 5]),
    ],
)
def test_a_slice_has_some_classes_and_tasks(chosen: dict[str, Any], labels: list[int]) -> None:
    with TestService() as service:
        memory = ReverieMemory(Reverie(service.url))
        memory.add(pictures(4)[:, 0], np.array([9, 9, 4, 5]), np.array([0, 0, 1, 1]))

        x, y, t = memory.slice(**chosen)

        assert y.tolist() == labels and len(x) == len(t) == len(labels)
        assert (memory.seen_classes, memory.memory_per_class) == ({4, 5, 9}, 1)
        with pytest.raises(ValueError, match="either to keep or to discard"):
            memory.slice(keep_classes=[1], discard_classes=[2])


def test_it_returns_four_images_for_each_mosaic(mosaics: TestService) -> None:
    memory = ReverieMemory(Reverie(mosaics.url))

    memory.add(np.moveaxis(pictures(4, channels=3), 1, -1), np.array([9, 9, 4, 4]), np.array([0, 0, 1, 1]))
    x, y, t = memory.get()

    assert x.shape == (16, 8, 8, 3)
    assert (y.tolist(), t.tolist()) == ([9] * 8 + [4] * 8, [0] * 8 + [1] * 8)
    assert (len(memory), memory.nb_classes) == (16, 2)


def test_an_empty_memory_raises_the_error_of_continuum(service: TestService) -> None:
    memory = ReverieMemory(Reverie(service.url))

    assert (len(memory), memory.nb_classes) == (0, 0)
    with pytest.raises(ValueError, match="Memory is empty!"):
        memory.get()


def test_it_saves_and_loads_the_file_of_continuum(service: TestService, tmp_path: Path) -> None:
    memory = ReverieMemory(Reverie(service.url))
    memory.add(pictures(2)[:, 0], np.array([1, 2]), np.array([0, 5]))
    path = str(tmp_path / "memory.npz")

    memory.save(path)
    with np.load(path) as saved:
        assert sorted(saved.files) == ["t", "x", "y"]

    with TestService() as other:
        copy = ReverieMemory(Reverie(other.url))
        copy.load(path)
        assert all(np.array_equal(a, b) for a, b in zip(copy.get(), memory.get()))


def test_labels_that_are_not_integers_are_reported(service: TestService) -> None:
    service.add(pictures(1), ["bag"])

    with pytest.raises(ValueError, match="bag"):
        ReverieMemory(Reverie(service.url)).get()
