"""Stored images that consist of several small ones."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from reverie import mosaic
from service import pictures


def test_each_cell_of_a_mosaic_becomes_an_image() -> None:
    columns = np.zeros((1, 1, 4, 4), dtype=np.uint8)
    columns[:, :, :2, 1], columns[:, :, 2:, 2:] = 255, 255
    white = np.full((1, 1, 4, 4), 255, dtype=np.uint8)

    images, labels = mosaic.decoded(np.concatenate([columns, columns, white]), np.array([5, 5, 2]), 2)

    row, black, full = [0, 64, 191, 255], [0] * 4, [255] * 4
    expected = [row, row, black, black, black, black, full, full, full, full, full, full]
    assert images.tolist() == [[[each] * 4] for each in expected]
    assert labels.tolist() == [5] * 8 + [2] * 4


def test_a_cell_beyond_the_edge_is_filled_up_with_grey() -> None:
    white = np.full((1, 1, 3, 3), 255, dtype=np.uint8)

    images, _ = mosaic.decoded(white, np.array([0]), 2)

    assert images[0].tolist() == [[[255] * 3] * 3]
    assert images[1].tolist() == [[[255, 191, 128]] * 3]
    assert images[2].tolist() == [[[255] * 3, [191] * 3, [128] * 3]]


@pytest.mark.parametrize("factor", [2, 3])
def test_mosaics_are_decoded_to_the_bytes_of_a_service(factor: int) -> None:
    with np.load(Path(__file__).parent / f"mosaic-{factor}.npz") as arrays:
        images, labels = mosaic.decoded(arrays["parameters"], arrays["parameter_labels"], int(arrays["factor"]))

        assert np.array_equal(images, arrays["images"])
        assert np.array_equal(labels, arrays["labels"])


def test_mosaics_are_decoded_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    stored, labels = pictures(7, channels=3), np.array([4, 4, 4, 4, 4, 0, 0])
    whole, _ = mosaic.decoded(stored, labels, 3)
    for values in (1, 2 * stored[0].size):
        monkeypatch.setattr(mosaic, "_CHUNK", values)
        assert np.array_equal(mosaic.decoded(stored, labels, 3)[0], whole)


def test_decoding_takes_little_more_memory_than_the_images() -> None:
    stored = pictures(1000, channels=3, side=32)
    tracemalloc.start()
    images, _ = mosaic.decoded(stored, np.zeros(1000, dtype=int), 2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 * images.nbytes


def test_no_images_are_decoded_to_none() -> None:
    images, labels = mosaic.decoded(pictures(0, channels=3), np.zeros(0, dtype=int), 2)

    assert (images.shape, labels.shape) == ((0, 3, 8, 8), (0,))
