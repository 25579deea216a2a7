"""Images in 4 or 2 bits per value."""

from __future__ import annotations

import os
from typing import Any, BinaryIO, Mapping

import numpy as np
from numpy.typing import NDArray

from reverie.mosaic import decoded
from reverie.npz import arrays_of

_LEVELS = 22  # the ranges of patches are all pairs of these evenly spaced bytes
_CHUNK = 1 << 18  # values that are decoded at once, to keep the arrays in between small
_LARGEST = 1 << 29  # bytes of enlarged images; a damaged factor could otherwise fill the memory
_DAMAGED = "the packed set is damaged: write or fetch it again"
_PACKED = ("codes", "ranges", "shape", "bits", "patch")


def unpack(file: str | os.PathLike[str] | BinaryIO) -> dict[str, NDArray[Any]]:
    """Reads a packed set, such as `synthetic.packed.npz` or `/v1/memory?format=packed`.

    Returns the arrays that the set has if it is not packed, as bytes: the stored images as `parameters` (unless `factor` is
    1) and the decoded ones as `images`. Raises `ValueError` if the file is not a packed set, is damaged, or decodes to more
    than 512 MiB.
    """
    try:
        arrays = arrays_of(file)
    except ValueError as error:
        raise ValueError(_DAMAGED) from error
    return unpacked(arrays)


def unpacked(arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Decodes the images, and keeps the other arrays."""
    missing = [name for name in _PACKED if name not in arrays]
    if missing:
        raise ValueError(f"the file is not a packed set, as it has no {', '.join(missing)}: read it with numpy.load")
    rest = {name: array for name, array in arrays.items() if name not in _PACKED}
    labels, scale = arrays.get("labels"), np.asarray(arrays.get("factor", 1))
    if scale.shape or scale.dtype.kind not in "iu":
        raise ValueError(_DAMAGED)
    images, factor = _images(*(arrays[name] for name in _PACKED)), int(scale)
    if factor == 1:
        return {"images": images, **rest}
    if labels is None or labels.shape != images.shape[:1] or not 1 <= factor <= min(images.shape[2:]):
        raise ValueError(_DAMAGED)
    if images.nbytes * factor**2 > _LARGEST:
        raise ValueError(f"the packed set decodes to more than {_LARGEST:,} bytes: fetch it unpacked, or use fewer images")
    rest["parameters"], rest["parameter_labels"] = images, labels
    rest["images"], rest["labels"] = decoded(images, labels, factor)
    return rest


def _images(
    codes: NDArray[Any], ranges: NDArray[Any], shape: NDArray[Any], bits: NDArray[Any], patch: NDArray[Any]
) -> NDArray[np.uint8]:
    c, h, w = (int(side) for side in shape)
    side, depth = int(patch), int(bits)
    shapes = (len(ranges), -(-c * h * w * depth // 8)), (len(codes), c, -(-h // side), -(-w // side))
    pairs = _LEVELS * (_LEVELS + 1) // 2
    if depth not in (4, 2) or (codes.shape, ranges.shape) != shapes or ranges.max(initial=0) >= pairs:
        raise ValueError(_DAMAGED)
    images = np.empty((len(codes), c, h, w), dtype=np.uint8)
    step = max(1, _CHUNK // max(1, c * h * w))
    for start in range(0, len(codes), step):
        part = slice(start, start + step)
        images[part] = _values(codes[part], ranges[part], (c, h, w), depth, side)
    return images


def _values(
    codes: NDArray[Any], ranges: NDArray[Any], shape: tuple[int, int, int], bits: int, patch: int
) -> NDArray[np.uint16]:
    (c, h, w), most = shape, 2**bits - 1
    values = codes[:, :, None] >> np.arange(8 - bits, -1, -bits, dtype=np.uint8) & most
    values = values.reshape(len(codes), -1)[:, : c * h * w].reshape(-1, c, h, w).astype(np.uint16)
    levels = np.rint(np.linspace(0, 255, _LEVELS)).astype(np.uint16)
    low, high = (
        levels[bounds][ranges].repeat(patch, 2)[:, :, :h].repeat(patch, 3)[:, :, :, :w]
        for bounds in np.triu_indices(_LEVELS)
    )
    # At most 255 * 15 + 7, which 16 bits hold.
    return np.asarray((low * (most - values) + high * values + most // 2) // most, dtype=np.uint16)
