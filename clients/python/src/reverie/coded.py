"""Memories as pictures: a zip file with `memory.json` and, for each class, one picture of its stored images."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reverie.mosaic import decoded

_DESCRIPTION = "memory.json"
_VERSION = 1
_FORMATS = ["WEBP", "JPEG", "PNG"]
_INTEGER = re.compile("0|-?[1-9][0-9]{0,18}")

# A damaged or hostile file could otherwise fill the memory of the process.
_LARGEST_ENTRY = 64 << 20  # bytes of a file in the zip
_LARGEST_PICTURE = 1 << 26  # pixels of a picture
_LARGEST = 1 << 30  # bytes of the decoded images
_LONGEST_LABEL = 1024


def decodes_here() -> bool:
    """Returns whether Pillow is installed and reads WebP."""
    try:
        from PIL import features
    except ImportError:
        return False
    return bool(features.check("webp"))


def is_coded(body: bytes) -> bool:
    """Returns whether a file is a zip of pictures, and not an NPZ file, for example."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return _DESCRIPTION in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def arrays_of(body: bytes) -> dict[str, NDArray[Any]]:
    """Returns the arrays of the NPZ file of the same memory. Raises `ValueError` if the zip is damaged."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        try:
            about = json.loads(_content(archive, _DESCRIPTION))
            return _arrays(archive, about)
        except (LookupError, TypeError, RecursionError) as error:
            raise ValueError(f"its {_DESCRIPTION} is malformed: {error!r}") from error


def _arrays(archive: zipfile.ZipFile, about: Any) -> dict[str, NDArray[Any]]:
    if about["version"] != _VERSION:
        raise ValueError(f"it has the version {about['version']!r:.20}, which this client does not know")
    channels, height, width = (_integer(side, 1, 1 << 14) for side in about["shape"])
    cell = _integer(about["cell"][0], width, 1 << 14), _integer(about["cell"][1], height, 1 << 14)
    factor = _integer(about["factor"], 1, min(height, width))
    classes = about["classes"]
    counts = [_integer(each["images"], 0, _LARGEST) for each in classes]
    names = [_label(each["label"]) for each in classes]
    indices = np.array([_integer(each["index"], 0, 2**31 - 1) for each in classes], dtype=np.int64)
    constants = {name: np.array(about[name], dtype=np.float32) for name in ("mean", "std")}
    if channels not in (1, 3) or any(each.shape != (channels,) for each in constants.values()):
        raise ValueError(f"its images have {channels} channels, or another number of means and standard deviations")
    if sum(counts) * channels * height * width * factor**2 > _LARGEST:
        raise ValueError(f"its images take more than {_LARGEST:,} bytes")
    stored = np.empty((sum(counts), channels, height, width), dtype=np.uint8)
    start = 0
    for each, count in zip(classes, counts):
        if count:
            picture = _picture(_content(archive, each["file"]))
            stored[start : start + count] = _cut(picture, count, cell)[:, :channels, :height, :width]
        start += count
    labels = np.repeat(indices, counts)
    arrays = {"factor": np.array(factor), **constants, "class_names": np.array(names, dtype="U"), "class_index": indices}
    values = [int(name) for name in names if _INTEGER.fullmatch(name) and -(2**63) <= int(name) < 2**63]
    if len(values) == len(names):
        arrays["label_values"] = np.array(values, dtype=np.int64)
    if factor > 1:
        arrays["parameters"], arrays["parameter_labels"] = stored, labels
    arrays["images"], arrays["labels"] = decoded(stored, labels, factor) if factor > 1 else (stored, labels)
    return arrays


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    entry = archive.getinfo(name)
    if entry.file_size > _LARGEST_ENTRY or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"its file {name!r:.80} is compressed in another way, or larger than {_LARGEST_ENTRY:,} bytes")
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        raise ValueError(f"its file {name!r:.80} cannot be read ({error})") from error


def _picture(content: bytes) -> NDArray[np.uint8]:
    """Returns the pixels of a picture: [H, W, 3]."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError("pictures need Pillow: install it, for example with pip install 'reverie-client[images]'") from error
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if picture.width * picture.height > _LARGEST_PICTURE:
                raise ValueError(f"more than {_LARGEST_PICTURE:,} pixels")
            return np.asarray(picture.convert("RGB"), dtype=np.uint8)
    except Exception as error:  # of many types, because Pillow has a decoder for each format
        raise ValueError(f"one of its pictures cannot be decoded ({error})") from error


def _cut(picture: NDArray[np.uint8], count: int, cell: tuple[int, int]) -> NDArray[np.uint8]:
    """Cuts a picture into its first cells: [count, 3, height of a cell, width of a cell]."""
    width, height = cell
    rows, columns = picture.shape[0] // height, picture.shape[1] // width
    if picture.shape[:2] != (rows * height, columns * width) or not 0 <= rows * columns - count < columns:
        raise ValueError(f"a picture of {picture.shape[1]}x{picture.shape[0]} does not have {count} cells of {width}x{height}")
    cells = picture.reshape(rows, height, columns, width, 3).transpose(0, 2, 4, 1, 3)
    return cells.reshape(-1, 3, height, width)[:count]


def _integer(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{value!r:.40} is not an integer from {least} to {most}")
    return value


def _label(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_LABEL:
        raise ValueError(f"{value!r:.40} is not a label of at most {_LONGEST_LABEL} characters")
    return value
