"""What can be sent: arrays, tensors and pictures with labels, and the sources that hold them."""

from __future__ import annotations

import math
import struct
import zlib
from itertools import groupby
from typing import Any, Iterable, Iterator, Sequence

import numpy as np

from reverie.snapshot import Array, converted

REQUEST_BYTES = 4 << 20  # maximum size of the images in one request; by default, a service accepts 8 MiB
_READ_TOGETHER = 256  # single images of a source that are sent together, or fewer if they fill a request
_LARGEST = 255
_ROUNDING = 1e-3  # how far computed images may be from [0, 1]


def array_of(value: Any) -> Array:
    """Returns an array, a tensor of PyTorch on any device, a picture of Pillow, or a list of these as an array.

    Pictures become [C, H, W] or, if they are grey, [H, W]. This module needs neither PyTorch nor Pillow.
    """
    if _is_list_of_images(value):
        return np.stack([array_of(each) for each in value])
    if hasattr(value, "getbands"):
        if value.mode[0] in "IF":  # levels of 16 bits, integers or floats, which `convert` would cut off at 255
            pixels = np.asarray(value)
            if value.format == "PNG" or (value.format == "TIFF" and value.mode.startswith("I;16")):
                return converted(pixels / np.float32(2**16 - 1), "uint8")  # a service refuses dark arrays of 16 bits, but no files
            is_long = value.mode == "I" and 0 <= pixels.min(initial=0) and _LARGEST < pixels.max(initial=0) < 2**16
            return pixels.astype(np.uint16) if is_long else pixels
        pixels = np.asarray(_on_black(value).convert("L" if value.mode in ("1", "L", "LA") else "RGB"))
        return np.moveaxis(pixels, -1, 0) if pixels.ndim == 3 else pixels
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        return np.asarray(value.float() if value.is_floating_point() else value)
    return np.asarray(value)


def pixels_of(images: Any) -> Array:
    """Returns images as uint8, or uint16, which a service divides by 257.

    A float v in [0, 1] becomes the integer nearest to 255 v, which is what a service stores.
    """
    pixels = array_of(images)
    if pixels.dtype.kind not in "biuf" and not _are_numbers(pixels):
        raise ValueError(
            f"images are arrays of real numbers, tensors or pictures of Pillow, not {type(pixels.ravel()[0]).__name__}:"
            " open files with PIL.Image.open"
        )
    if pixels.dtype.kind == "u" and pixels.dtype.itemsize == 2:
        return pixels
    if pixels.dtype == np.bool_:
        return pixels * np.uint8(_LARGEST)
    if pixels.dtype.kind in "iu" and (not pixels.size or 0 <= pixels.min() <= pixels.max() <= _LARGEST):
        return pixels.astype(np.uint8, copy=False)
    if pixels.size and not -_ROUNDING <= pixels.min() <= pixels.max() <= 1 + _ROUNDING:  # also if a value is not a number
        raise ValueError(
            f"the images have values from {pixels.min():.4g} to {pixels.max():.4g}: send floats from 0 to 1, before they are"
            " normalised, or bytes (uint8) from 0 to 255"
        )
    return converted(pixels.astype(np.float32), "uint8")


def labels_of(labels: Any) -> Array:
    """Returns labels in the form in which they are sent. A number that is no integer would become another class."""
    names = flat_labels(labels)
    if names.ndim != 1:
        raise ValueError(f"expected one label per image, not labels of the shape {names.shape}: take argmax of one-hot vectors")
    if names.dtype.kind == "S":
        names = np.char.decode(names, "utf-8")
    if names.dtype.kind == "f" and np.all(np.abs(names) < 2**53) and np.array_equal(names, np.rint(names)):
        names = names.astype("<i8")
    if any(isinstance(label, bool) or not isinstance(label, (str, int)) for label in names.ravel().tolist()):
        raise ValueError(f"labels are integers or strings, not {names.dtype}: convert them, for example with astype(int)")
    if names.dtype.kind not in "iu":
        return names.astype("U")
    if names.size and int(names.max()) >= 2**63:
        raise ValueError("integer labels are below 2**63: send other integers, or strings")
    return names.astype("<i8")


def label_of(label: Any) -> str:
    """Returns a single label as a string."""
    labels = labels_of(label)
    if len(labels) != 1:
        raise ValueError(f"expected a single label, not {len(labels)}: call this method for each class")
    return str(labels[0])


def classes_of(classes: Any) -> list[Any]:
    """Returns the labels of classes, or of a single one, in the form in which they are sent."""
    is_single = isinstance(classes, (str, bytes)) or not hasattr(classes, "__iter__") or getattr(classes, "ndim", 1) == 0
    return list(labels_of([classes] if is_single else list(classes)).tolist())


def flat_labels(labels: Any) -> Array:
    """Returns labels, [n] or [n, 1], as an array: [n]."""
    has_strings = isinstance(labels, (list, tuple)) and any(isinstance(each, (str, bytes)) for each in labels)
    if has_strings and any(array_of(each).dtype.kind not in "iuSU" for each in labels):  # NumPy would make strings of all
        raise ValueError("labels are integers or strings, but some of these are neither: convert them, or leave their images out")
    array = np.atleast_1d(array_of(labels))
    return array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array


def requests(images: Any, labels: Any, ids: Sequence[str] | None, batch: int) -> Iterator[dict[str, Array]]:
    """Yields the arrays of each request. Images of different sizes, or of 8 and 16 bits, are sent in different requests."""
    if hasattr(images, "getbands"):
        images = [images]
    names = labels_of(labels)
    if len(images) != len(names) or (ids is not None and len(ids) != len(names)):
        raise ValueError("expected one label per image, and one id per image if ids are given")
    for positions, pixels in _by_shape(images):
        if 0 in pixels.shape[1:]:
            raise ValueError(f"images of the shape {pixels.shape[1:]} have no pixels: leave them out")
        step = max(1, min(batch, REQUEST_BYTES // pixels[0].nbytes))
        for start in range(0, len(pixels), step):
            part = positions[start : start + step]
            arrays = {"images": np.ascontiguousarray(pixels[start : start + step]), "labels": names[part]}
            if ids is not None:
                arrays["ids"] = np.array([ids[position] for position in part], dtype="U")
            yield arrays


def is_large(images: Array) -> bool:
    """Whether a request has a single image of bytes, because more would not fit."""
    return images.dtype == np.uint8 and images.nbytes > REQUEST_BYTES


def png(image: Array) -> bytes:
    """Encodes a large image of bytes, [C, H, W], [H, W, C] or [H, W] with one or three channels, as a PNG."""
    if image.ndim == 3 and image.shape[0] in (1, 3):
        image = np.moveaxis(image, 0, -1)
    height, width, channels = image.shape if image.ndim == 3 else (*image.shape, 1)
    if channels not in (1, 3):
        raise ValueError(f"an image has one channel or three, unlike one of the shape {image.shape}: convert it to grey or RGB")
    flat = image.reshape(height, -1)
    rows = np.ones((height, 1 + width * channels), np.uint8)  # each begins with the number of its filter, the difference to the left
    rows[:, 1:] = flat
    rows[:, 1 + channels :] -= flat[:, :-channels]
    header = struct.pack(">IIBBBBB", width, height, 8, {1: 0, 3: 2}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows.tobytes())) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def batches_of(source: Any) -> Iterator[tuple[Any, Any]]:
    """Yields batches (images, labels) of a `DataLoader`, a dataset such as `ImageFolder`, or an iterator over batches or items."""
    # Every dataset of PyTorch has `__getitem__`, which need not work for those with `__iter__`. The others have items, not batches.
    can_iterate = hasattr(source, "__iter__")
    elements = map(_pair, source if can_iterate else map(source.__getitem__, range(len(source))))
    for are_batches, pairs in groupby(elements, lambda pair: can_iterate and _is_batch(*pair)):
        if are_batches:
            yield from pairs
        else:
            yield from (([image for image, _ in part], [label for _, label in part]) for part in parts_of(pairs))


def parts_of(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Yields items (image, ...) in lists of as many as are sent together."""
    part: list[Any] = []
    size = 0
    for item in items:
        image = item[0]
        if hasattr(image, "getbands"):
            pixels = math.prod(image.size) * (1 if image.getbands()[0] in "1LIF" else 3)
        else:
            pixels = math.prod(np.shape(image))
        if part and (len(part) == _READ_TOGETHER or size + pixels > REQUEST_BYTES):
            yield part
            part, size = [], 0
        part.append(item)
        size += pixels
    if part:
        yield part


def _pair(element: Any) -> tuple[Any, Any]:
    if hasattr(element, "keys"):
        raise ValueError(
            f"the source has dictionaries with {', '.join(map(str, element))}: send pairs of an image and its label, such as"
            " ((row['image'], row['label']) for row in dataset)"
        )
    images, labels, *_ = element
    return images, labels


def _is_batch(images: Any, labels: Any) -> bool:
    """Returns whether these are several images, and not an item, whose label may have the shape [1], as in MedMNIST."""
    if not np.ndim(labels):
        return False
    return len(labels) != 1 or (not hasattr(images, "getbands") and len(images) == 1)


def _on_black(picture: Any) -> Any:
    """Returns a picture of Pillow as a service shows it: transparent pixels are on black."""
    if picture.mode not in ("LA", "PA", "RGBA") and "transparency" not in picture.info:
        return picture
    from PIL import Image

    return Image.alpha_composite(Image.new("RGBA", picture.size, "black"), picture.convert("RGBA"))


def _are_numbers(objects: Array) -> bool:
    return all(isinstance(value, (int, float)) for value in objects.ravel().tolist())


def _is_list_of_images(value: Any) -> bool:
    is_list = isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.dtype == object)
    return is_list and any(hasattr(each, "shape") or hasattr(each, "getbands") for each in value)


def _by_shape(images: Any) -> Iterable[tuple[list[int], Array]]:
    """Returns the images of each shape and type, and their positions."""
    if not _is_list_of_images(images):
        pixels = pixels_of(images)
        return [(list(range(len(pixels))), pixels)] if len(pixels) else []
    positions: dict[tuple[Any, ...], list[int]] = {}
    each = [pixels_of(image) for image in images]
    for position, pixels in enumerate(each):
        positions.setdefault((pixels.shape, pixels.dtype), []).append(position)
    return [(chosen, np.stack([each[position] for position in chosen])) for chosen in positions.values()]
