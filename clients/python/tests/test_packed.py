"""Images in few bits per value."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reverie import Reverie, mosaic, packed, unpack
from service import Contract, TestService, pictures


def _packed(**changed: Any) -> io.BytesIO:
    """An image of 1x3x5 in 4 bits, in two patches: from black to white, and from 243 to 255."""
    codes = np.arange(15, dtype=np.uint8)
    arrays = {
        "codes": np.append(codes, 0).reshape(1, 8, 2) @ np.array([16, 1], dtype=np.uint8),
        "ranges": np.array([[[[21, 251]]]], dtype=np.uint8),
        "shape": np.array([1, 3, 5]),
        "bits": np.int64(4),
        "patch": np.int64(4),
        "labels": np.array([7]),
    }
    file = io.BytesIO()
    np.savez(file, **{**arrays, **changed})
    file.seek(0)
    return file


def test_a_packed_set_is_decoded_to_bytes(tmp_path: Path) -> None:
    path = tmp_path / "synthetic.packed.npz"
    path.write_bytes(_packed().getvalue())

    arrays = unpack(path)

    assert set(arrays) == {"images", "labels"}
    assert arrays["images"].dtype == np.uint8
    assert arrays["images"].tolist() == [[[[0, 17, 34, 51, 246], [85, 102, 119, 136, 250], [170, 187, 204, 221, 254]]]]


def _many(count: int, bits: int, patch: int, shape: tuple[int, int, int]) -> dict[str, Any]:
    """Random images."""
    random = np.random.default_rng(bits)
    (c, h, w), size = shape, -(-shape[0] * shape[1] * shape[2] * bits // 8)
    return {
        "codes": random.integers(0, 256, (count, size), dtype=np.uint8),
        "ranges": random.integers(0, 253, (count, c, -(-h // patch), -(-w // patch)), dtype=np.uint8),
        "shape": np.array(shape),
        "bits": np.int64(bits),
        "patch": np.int64(patch),
    }


@pytest.mark.parametrize("bits", [4, 2])
@pytest.mark.parametrize("patch", [1, 4, 16])
def test_images_are_decoded_in_parts(bits: int, patch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = _many(7, bits, patch, (3, 7, 5))
    whole = packed.unpacked(arrays)["images"]
    for values in (1, 2 * 3 * 7 * 5, 7 * 3 * 7 * 5):
        monkeypatch.setattr(packed, "_CHUNK", values)
        assert np.array_equal(packed.unpacked(arrays)["images"], whole)

    levels, (lows, highs), most = np.rint(np.linspace(0, 255, 22)), np.triu_indices(22), 2**bits - 1
    for n, c, y, x in np.ndindex(whole.shape):
        value, pair = (c * 7 + y) * 5 + x, arrays["ranges"][n, c, y // patch, x // patch]
        code = int(arrays["codes"][n, value * bits // 8]) >> 8 - bits - value * bits % 8 & most
        low, high = int(levels[lows[pair]]), int(levels[highs[pair]])
        assert whole[n, c, y, x] == (low * (most - code) + high * code + most // 2) // most


@pytest.mark.parametrize(("stored", "factor"), [(4000, 1), (1000, 2)])
def test_decoding_takes_little_more_memory_than_the_images(stored: int, factor: int) -> None:
    arrays = {**_many(stored, 4, 4, (3, 32, 32)), "labels": np.zeros(stored, dtype=int), "factor": np.int64(factor)}
    tracemalloc.start()
    images = packed.unpacked(arrays)["images"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 * images.nbytes


@pytest.mark.parametrize("factor", [1, 2])
def test_no_images_are_decoded_to_none(factor: int) -> None:
    arrays = packed.unpacked({**_many(0, 4, 4, (3, 7, 5)), "labels": np.zeros(0, dtype=int), "factor": np.int64(factor)})

    assert arrays["images"].shape == (0, 3, 7, 5)
    assert arrays["labels"].shape == (0,)


def test_another_file_is_refused() -> None:
    file = io.BytesIO()
    np.savez(file, images=np.zeros((1, 1, 2, 2), dtype=np.uint8), labels=np.zeros(1, dtype=int))
    file.seek(0)

    with pytest.raises(ValueError, match="has no codes, ranges, shape, bits, patch: read it with numpy.load"):
        unpack(file)


@pytest.mark.parametrize(
    "changed",
    [
        {"bits": np.int64(3)},
        {"ranges": np.array([[[[21, 253]]]], dtype=np.uint8)},
        {"ranges": np.array([[[[21]]]], dtype=np.uint8)},
        {"codes": np.zeros((1, 7), dtype=np.uint8)},
        {"factor": np.array([2, 2])},
        {"factor": np.float64(2.5)},
        {"factor": np.int64(2), "labels": np.int64(7)},
        {"factor": np.int64(2), "labels": np.array([[7, 7]])},
    ],
)
def test_a_damaged_file_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the packed set is damaged"):
        unpack(_packed(**changed))


@pytest.mark.parametrize("factor", [1, 2])
def test_the_memory_can_be_fetched_packed(factor: int) -> None:
    with TestService(Contract.BYTES, factor) as service:
        service.add(np.array([[[[0, 85], [170, 255]]], [[[255, 0], [0, 255]]]], dtype=np.uint8), [3, 7])
        memory = Reverie(service.url)

        arrays = memory.memory("uint8", packed=True)

        assert service.requests[-1] == "GET /v1/memory?format=packed"
        assert arrays.keys() == memory.memory("uint8").keys()
        assert all(np.array_equal(arrays[name], array) for name, array in memory.memory("uint8").items())
        assert not arrays["images"].flags.writeable


def _mosaics(images: np.ndarray, labels: list[int], factor: int) -> dict[str, Any]:
    """Images of black and white pixels in 2 bits per value."""
    n, c, h, w = images.shape
    return {
        "codes": np.packbits(images.reshape(n, -1).repeat(2, axis=1) > 0, axis=1),
        "ranges": np.full((n, c, -(-h // 4), -(-w // 4)), 21, dtype=np.uint8),
        "shape": np.array([c, h, w]),
        "bits": np.int64(2),
        "patch": np.int64(4),
        "labels": np.array(labels),
        "factor": np.int64(factor),
    }


def test_each_cell_of_a_mosaic_becomes_an_image() -> None:
    columns = np.zeros((1, 1, 4, 4), dtype=np.uint8)
    columns[:, :, :2, 1], columns[:, :, 2:, 2:] = 255, 255
    white = np.full((1, 1, 4, 4), 255, dtype=np.uint8)

    arrays = packed.unpacked(_mosaics(np.concatenate([columns, columns, white]), [5, 5, 2], 2))

    row, black, full = [0, 64, 191, 255], [0] * 4, [255] * 4
    expected = [row, row, black, black, black, black, full, full, full, full, full, full]
    assert arrays["images"].tolist() == [[[each] * 4] for each in expected]
    assert arrays["labels"].tolist() == [5] * 8 + [2] * 4
    assert np.array_equal(arrays["parameters"], np.concatenate([columns, columns, white]))
    assert arrays["parameter_labels"].tolist() == [5, 5, 2]


def test_a_cell_beyond_the_edge_is_filled_up_with_grey() -> None:
    white = np.full((1, 1, 3, 3), 255, dtype=np.uint8)

    images = packed.unpacked(_mosaics(white, [0], 2))["images"]

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


@pytest.mark.parametrize("size", [0, 20, 100])
def test_a_cut_file_is_refused(size: int) -> None:
    file = io.BytesIO()
    np.savez(file, codes=np.zeros((1, 8), dtype=np.uint8))

    with pytest.raises(ValueError, match="the packed set is damaged"):
        packed.unpack(io.BytesIO(file.getvalue()[:size]))


def test_mosaics_without_labels_are_refused() -> None:
    arrays = _mosaics(np.zeros((1, 1, 4, 4), dtype=np.uint8), [0], 2)
    del arrays["labels"]

    with pytest.raises(ValueError, match="the packed set is damaged"):
        packed.unpacked(arrays)


@pytest.mark.parametrize("factor", [0, 5])
def test_a_factor_that_does_not_fit_the_images_is_refused(factor: int) -> None:
    with pytest.raises(ValueError, match="the packed set is damaged"):
        packed.unpacked(_mosaics(np.zeros((1, 1, 4, 4), dtype=np.uint8), [0], factor))


def test_a_factor_that_makes_too_many_images_is_refused() -> None:
    with pytest.raises(ValueError, match="decodes to more than 536,870,912 bytes: fetch it unpacked, or use fewer images"):
        packed.unpacked(_mosaics(np.zeros((1, 1, 512, 512), dtype=np.uint8), [0], 64))
