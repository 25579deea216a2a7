"""The memory for Continuum. Continuum itself is not installed: these tests follow the interface of its `RehearsalMemory`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

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


@pytest.mark.parametrize("channels", [1, 3])
def test_images_may_have_their_channels_first_as_tensors_do(service: TestService, channels: int) -> None:
    ReverieMemory(Reverie(service.url)).add(pictures(2, channels), np.array([1, 2]), np.array([0, 0]))

    assert np.array_equal(np.stack([service.images["1"][0], service.images["2"][0]]), pictures(2, channels))


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
