"""Images in few bits per value."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reverie import Reverie, packed, unpack
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


def test_decoding_takes_little_more_memory_than_the_images() -> None:
    arrays = _many(4000, 4, 4, (3, 32, 32))
    tracemalloc.start()
    images = packed.unpacked(arrays)["images"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2 * images.nbytes


def test_no_images_are_decoded_to_none() -> None:
    assert packed.unpacked(_many(0, 4, 4, (3, 7, 5)))["images"].shape == (0, 3, 7, 5)


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
    ],
)
def test_a_damaged_file_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the packed set is damaged"):
        unpack(_packed(**changed))


def test_the_memory_can_be_fetched_packed() -> None:
    with TestService(Contract.BYTES) as service:
        service.add(np.array([[[[0, 85], [170, 255]]], [[[255, 0], [0, 255]]]], dtype=np.uint8), [3, 7])
        memory = Reverie(service.url)

        arrays = memory.memory("uint8", packed=True)

        assert service.requests[-1] == "GET /v1/memory?format=packed"
        assert arrays.keys() == memory.memory("uint8").keys()
        assert all(np.array_equal(arrays[name], array) for name, array in memory.memory("uint8").items())
        assert not arrays["images"].flags.writeable


def test_a_packed_memory_with_other_decoded_images_is_refused(
    service: TestService, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.add(pictures(1), [3])
    monkeypatch.setattr(service, "packed", lambda: _packed(factor=np.int64(2)).getvalue())

    with pytest.raises(ValueError, match="with the factor 2 has no decoded images: fetch it unpacked"):
        Reverie(service.url).memory(packed=True)
