"""Memories as pictures."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest

from conftest import required

required("PIL")

from PIL import Image  # noqa: E402

import reverie  # noqa: E402
from reverie import Reverie, coded  # noqa: E402
from service import Contract, TestService, pictures, zipped  # noqa: E402

SMOOTH = np.add.outer(np.arange(0, 160, 10), np.arange(0, 80, 5)).astype(np.uint8)  # 16x16


def about(**changed: Any) -> dict[str, Any]:
    """The description of a memory of one grey image of 14x15 in a cell of 16x16."""
    classes = [{"label": "cat", "index": 4, "file": "4.webp", "images": 1}]
    constants = {"mean": [0.4], "std": [0.1]}
    return {"version": 1, "shape": [1, 14, 15], "factor": 1, "cell": [16, 16], "classes": classes, **constants, **changed}


def picture(pixels: np.ndarray = SMOOTH, format: str = "WEBP", **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format, **options)
    return file.getvalue()


def memory(description: Any, **files: bytes) -> bytes:
    return zipped({"memory.json": json.dumps(description).encode(), **{f"{name}.webp": each for name, each in files.items()}})


@pytest.mark.parametrize("labels", [[7, 7, 7, 7, 3, 3], ["cat"] * 5 + ["dog"]])
@pytest.mark.parametrize("factor", [1, 2])
@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_become_the_arrays_of_the_same_memory(labels: list[Any], factor: int, channels: int) -> None:
    with TestService(Contract.BYTES, factor) as service:
        service.add(pictures(6, channels), labels)
        client = Reverie(service.url)

        from_pictures = client.memory("uint8")
        service.has_pictures, service.version = False, service.version + 1
        from_arrays = client.memory("uint8")

    assert service.requests[-2:] == ["GET /v1/memory?format=zip", "GET /v1/memory?format=npz"]
    assert from_pictures.keys() == from_arrays.keys()
    for name, array in from_arrays.items():
        assert np.array_equal(from_pictures[name], array), name
        assert (from_pictures[name].dtype, from_pictures[name].flags.writeable) == (array.dtype, False)


def test_a_memory_that_has_not_changed_is_not_fetched_again() -> None:
    with TestService() as service:
        service.add(pictures(2), [3, 7])
        client = Reverie(service.url)

        assert client.memory()["images"] is not client.memory()["images"]

    assert service.statuses == [200, 304]


def test_arrays_are_fetched_where_pictures_cannot_be_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded, "decodes_here", lambda: False)
    with TestService() as service:
        service.add(pictures(2), [3, 7])

        assert len(Reverie(service.url).memory()["images"]) == 2

    assert service.requests == ["GET /v1/memory?format=npz"]


@pytest.mark.parametrize("options", [{"format": "WEBP", "quality": 60}, {"format": "JPEG", "quality": 60}, {"format": "PNG"}])
@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_file_of_each_format_can_be_loaded(tmp_path: Path, options: dict[str, Any], compression: int) -> None:
    coloured = np.stack([SMOOTH, 255 - SMOOTH, SMOOTH // 2], axis=-1)
    content = picture(coloured, **options)
    constants = {"mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 0.6]}
    with zipfile.ZipFile(tmp_path / "synthetic.zip", "w", compression) as archive:
        archive.writestr("memory.json", json.dumps(about(shape=[3, 14, 15], **constants)))
        archive.writestr("4.webp", content)

    arrays = reverie.load(tmp_path / "synthetic.zip", "uint8")

    with Image.open(io.BytesIO(content)) as decoded:
        expected = np.asarray(decoded)[:14, :15].transpose(2, 0, 1)
    assert np.array_equal(arrays["images"], expected[None])
    assert np.abs(arrays["images"][0].astype(int) - coloured[:14, :15].transpose(2, 0, 1)).mean() < 8
    assert (arrays["labels"].tolist(), arrays["class_names"].tolist()) == ([4], ["cat"])
    assert np.array_equal(arrays["std"], np.array([0.4, 0.5, 0.6], dtype=np.float32))


def test_a_grey_memory_may_have_pictures_of_one_channel_or_of_three() -> None:
    three = np.repeat(SMOOTH[..., None], 3, axis=-1)
    found = [coded.arrays_of(memory(about(), **{"4": picture(each, "PNG")}))["images"] for each in (SMOOTH, three)]

    assert np.array_equal(found[0], SMOOTH[None, None, :14, :15])
    assert np.array_equal(found[0], found[1])


def test_a_saved_zip_file_can_be_loaded(tmp_path: Path) -> None:
    with TestService() as service:
        service.add(pictures(2), [3, 7])
        (tmp_path / "memory.zip").write_bytes(Reverie(service.url).zip())

        assert np.array_equal(reverie.load(tmp_path / "memory.zip", "uint8")["images"], pictures(2))


def test_a_saved_npz_file_can_be_loaded(tmp_path: Path) -> None:
    with TestService() as service:
        service.add(pictures(2), [3, 7])
        (tmp_path / "memory.npz").write_bytes(service.memory())

        assert np.array_equal(reverie.load(tmp_path / "memory.npz", "uint8")["images"], pictures(2))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"version": 2}, "it has the version 2, which this client does not know"),
        ({"classes": None}, "its memory.json is malformed"),
        ({"shape": [1, 14]}, "not enough values"),
        ({"shape": [2, 14, 15]}, "its images have 2 channels"),
        ({"mean": [0.4, 0.4]}, "another number of means"),
        ({"cell": [14, 16]}, "14 is not an integer from 15"),
        ({"factor": 15}, "15 is not an integer from 1 to 14"),
        ({"factor": 1.0}, "1.0 is not an integer"),
        ({"classes": [{"label": "cat", "index": 4, "file": "4.webp", "images": 10**9}]}, "its images take more than"),
        ({"classes": [{"label": "cat", "index": 4, "file": "4.webp", "images": 2}]}, "16x16 does not have 2 cells"),
        ({"classes": [{"label": "cat", "index": 4, "file": "../4.webp", "images": 1}]}, "no item named"),
        ({"classes": [{"label": "c" * 2000, "index": 4, "file": "4.webp", "images": 1}]}, "is not a label of at most"),
    ],
)
def test_a_description_that_is_wrong_is_refused(tmp_path: Path, changed: dict[str, Any], reason: str) -> None:
    (tmp_path / "memory.zip").write_bytes(memory(about(**changed), **{"4": picture()}))

    with pytest.raises(ValueError, match=f"the memory is damaged, as .*{reason}.*: fetch it again"):
        reverie.load(tmp_path / "memory.zip")


def large_picture() -> bytes:
    return picture(np.zeros((8200, 8200), dtype=np.uint8), "PNG")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (lambda: picture()[:-40], "cannot be decoded"),
        (lambda: picture(format="PNG")[:-40], "cannot be decoded"),
        (lambda: picture(format="GIF"), "cannot be decoded"),
        (lambda: b"<svg/>", "cannot be decoded"),
        (large_picture, "more than 67,108,864 pixels"),
        (lambda: picture(SMOOTH[:15]), "a picture of 16x15 does not have 1 cells of 16x16"),
    ],
)
def test_a_picture_that_is_wrong_is_refused(tmp_path: Path, content: Callable[[], bytes], reason: str) -> None:
    (tmp_path / "memory.zip").write_bytes(memory(about(), **{"4": content()}))

    with pytest.raises(ValueError, match=f"the memory is damaged, as .*{reason}.*: fetch it again"):
        reverie.load(tmp_path / "memory.zip")


@pytest.mark.parametrize("cut", [0, 30, 200])
def test_a_file_that_is_cut_is_refused(tmp_path: Path, cut: int) -> None:
    (tmp_path / "memory.zip").write_bytes(memory(about(), **{"4": picture()})[:cut])

    with pytest.raises(ValueError, match="the memory is damaged"):
        reverie.load(tmp_path / "memory.zip")


def test_a_changed_bit_is_refused() -> None:
    content = bytearray(memory(about(), **{"4": picture()}))
    content[content.index(b"RIFF") + 20] ^= 1

    with pytest.raises(ValueError, match="cannot be read .*CRC"):
        coded.arrays_of(bytes(content))
