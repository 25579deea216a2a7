"""Stored images that consist of several small ones, their cells."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_CHUNK = 1 << 16  # values that are decoded at once, to keep the arrays in between small
_PADDING = 0.5  # mid grey, where the factor does not divide a side


def decoded(
    stored: NDArray[np.uint8], labels: NDArray[Any], factor: int
) -> tuple[NDArray[np.uint8], NDArray[Any]]:
    """Enlarges each of the factor * factor cells of each stored image to a full-size image.

    stored  uint8 [m, C, H, W]
    labels  [m]
    factor  from 1 to min(H, W)

    Returns uint8 [m * factor * factor, C, H, W] and their labels, with the bytes and in the order in which a service hands
    them out: class by class, and of each class the first cells of all its images, then the second cells, and so on.
    """
    cells = factor * factor
    images = np.empty((len(stored) * cells, *stored.shape[1:]), dtype=np.uint8)
    bounds = [0, *(np.flatnonzero(labels[1:] != labels[:-1]) + 1).tolist(), len(stored)]
    step = max(1, _CHUNK // max(1, stored[:1].size))
    for first, last in zip(bounds, bounds[1:]):
        for start in range(first, last, step):
            end = min(start + step, last)
            for cell in range(cells):
                place = first * cells + cell * (last - first) + start - first
                images[place : place + end - start] = _enlarged(stored[start:end], factor, *divmod(cell, factor))
    return images, np.repeat(labels, cells)


def _enlarged(stored: NDArray[np.uint8], factor: int, row: int, column: int) -> NDArray[np.uint8]:
    """Enlarges one cell of each image by bilinear interpolation (half-pixel centres, edges repeated)."""
    m, c, h, w = stored.shape
    height, width = -(-h // factor), -(-w // factor)
    part = stored[:, :, row * height : (row + 1) * height, column * width : (column + 1) * width]
    cells = np.full((m, c, height, width), _PADDING)
    # In single precision wherever the service has it, so that halves are rounded to the same byte.
    cells[:, :, : part.shape[2], : part.shape[3]] = (part / 255).astype(np.float32)
    left, right, share = _places(width, w)
    wide = (1 - share) * cells[..., left] + share * cells[..., right]
    top, bottom, share = _places(height, h)
    share = share[:, None]
    large = (1 - share) * wide[..., top, :] + share * wide[..., bottom, :]
    levels = large.astype(np.float32) * np.float32(255)
    return np.asarray(np.floor(levels.astype(np.float64) + 0.5), dtype=np.uint8)


def _places(inputs: int, outputs: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Returns the two inputs between which each output lies, and the share of the second one."""
    places: NDArray[np.float64] = np.clip((np.arange(outputs) + 0.5) * inputs / outputs - 0.5, 0, inputs - 1)
    lower = places.astype(np.int64)
    upper: NDArray[np.int64] = np.minimum(lower + 1, inputs - 1)
    return lower, upper, places - lower
