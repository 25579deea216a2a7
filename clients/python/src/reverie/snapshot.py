"""A batch or a whole memory, as a service hands it out."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import Any, Literal, Mapping

import numpy as np
from numpy.typing import NDArray

from reverie import coded, npz
from reverie.connection import NOT_MODIFIED, Connection
from reverie.problem import Problem

Array = NDArray[Any]
Dtype = Literal["float32", "uint8"]
Format = Literal["npz", "zip"]
Batch = tuple[Array, NDArray[np.int64], dict[int, str]]

_STORED = ("parameters", "parameter_labels")
_IMAGES = ("images", "parameters")
_LABELS = ("labels", "parameter_labels")
_NEEDED = ("images", "labels", "class_index", "class_names")
_LARGEST = 255


@dataclass(frozen=True)
class Snapshot:
    """The arrays of a memory or a batch.

    images  as sent: uint8 in [0, 255] or float32 in [0, 1]; [n, C, H, W]
    labels  int64 [n]: the integers that were sent, or class indices if the label of any current class is not an integer
    names   the label of the class for each number in `labels`
    arrays  all arrays as sent, except that the labels are those above, and that `of` adds parameters if they are left out
    etag    changes whenever the memory changes; empty for a batch
    format  of the file that was read
    """

    images: Array
    labels: NDArray[np.int64]
    names: dict[int, str]
    arrays: Mapping[str, Array]
    etag: str = ""
    format: Format = "npz"

    @staticmethod
    def of(body: bytes, etag: str = "") -> Snapshot:
        """Reads an NPZ file or a zip of pictures.

        Raises `ValueError` if the file is damaged, or if its classes contradict each other or its images, and `ImportError` if
        it has pictures and Pillow is not installed.
        """
        format: Format = "zip" if coded.is_coded(body) else "npz"
        arrays = _arrays(body, format)
        missing = [name for name in _NEEDED if name not in arrays]
        _require(not missing, f"it has no {', '.join(missing)}")
        arrays.setdefault("parameters", arrays["images"])
        arrays.setdefault("parameter_labels", arrays["labels"])
        indices, class_names = arrays["class_index"], arrays["class_names"]
        values = arrays.get("label_values", indices)
        _require(indices.size == class_names.size == values.size, "its classes, names and label values differ in number")
        _require(np.unique(indices).size == indices.size, "two of its classes have the same index")
        _require(np.unique(values).size == values.size, "two of its classes have the same label value")
        for name in _LABELS:
            _require(np.isin(arrays[name], indices).all(), "it has images of an unknown class")
            arrays[name] = _looked_up(arrays[name], indices, values)
        names = dict(zip(values.tolist(), class_names.tolist()))
        return Snapshot(arrays["images"], arrays["labels"], names, arrays, etag, format)

    def without_stored(self) -> Snapshot:
        """Returns the snapshot without parameters, which no batch needs."""
        return replace(self, arrays={name: array for name, array in self.arrays.items() if name not in _STORED})

    def batch(self, dtype: Dtype) -> Batch:
        """Returns images, labels and names."""
        return converted(self.images, dtype), self.labels, self.names

    def dictionary(self, dtype: Dtype) -> dict[str, Array]:
        """Returns all arrays, which cannot be written to."""
        arrays = {name: converted(array, dtype) if name in _IMAGES else array for name, array in self.arrays.items()}
        for array in arrays.values():
            array.flags.writeable = False
        return arrays


def fetch(connection: Connection, known: Snapshot | None) -> Snapshot:
    """Returns the current memory of a service: `known`, if it has not changed since.

    Fetches pictures, which are much smaller than arrays, if they can be decoded here and the service has them.
    """
    format: Format = known.format if known else "zip" if coded.decodes_here() else "npz"
    headers = {"If-None-Match": known.etag} if known and known.etag else {}
    try:
        answer = connection.send("GET", f"/v1/memory?format={format}", headers=headers)
    except Problem as problem:
        if format == "npz" or problem.type != "/problems/parameter-invalid":
            raise
        answer = connection.send("GET", "/v1/memory?format=npz")  # the service is older
    if known and answer.status == NOT_MODIFIED:
        return known
    return Snapshot.of(answer.body, answer.headers.get("etag", ""))


def converted(images: Array, dtype: Dtype) -> Array:
    """Converts images of either type: a value v of uint8 means v / 255."""
    name = str(getattr(dtype, "__name__", dtype)).removeprefix("torch.")  # types of NumPy and PyTorch are taken, too
    if images.dtype.name == name:
        return images
    if name == "float32":
        return np.asarray(np.divide(images, np.float32(_LARGEST), dtype=np.float32))
    if name == "uint8":
        return np.asarray(np.rint(np.clip(images, 0, 1) * _LARGEST), dtype=np.uint8)
    raise ValueError(f"the dtype '{dtype}' is unknown: use 'float32' or 'uint8'")


def integer_labels(batch: Batch) -> NDArray[np.int64]:
    """Returns the labels of a batch as the integers that they are written as, for learners whose labels are integers."""
    _, labels, names = batch
    try:
        values = {number: int(name) for number, name in names.items()}
    except ValueError:
        raise ValueError(
            f"the memory has labels that are not integers ({', '.join(names.values())}): use a service with integer labels"
        ) from None
    return np.array([values[number] for number in labels.tolist()], dtype=np.int64)


def _arrays(body: bytes, format: Format) -> dict[str, Array]:
    try:
        return coded.arrays_of(body) if format == "zip" else npz.arrays_of(io.BytesIO(body))
    except ValueError as error:
        reason = f"{error}" if format == "zip" else f"it is not an NPZ file ({error})"
        raise ValueError(f"the memory is damaged, as {reason}: fetch it again") from error


def _require(condition: bool | np.bool_, damage: str) -> None:
    if not condition:
        raise ValueError(f"the memory is damaged, as {damage}: fetch it again")


def _looked_up(labels: Array, indices: Array, values: Array) -> Array:
    order = np.argsort(indices)
    return np.asarray(values[order[np.searchsorted(indices, labels, sorter=order)]], dtype=np.int64)
