"""A rehearsal memory for Continuum (https://github.com/Continvvm/continuum).

    memory = ReverieMemory(Reverie("http://127.0.0.1:8080"))
    for task_id, taskset in enumerate(scenario):
        if task_id > 0:
            taskset.add_samples(*memory.get())
        ...
        memory.add(*scenario[task_id].get_raw_samples(), z=None)

The methods are those of Continuum's `RehearsalMemory`. Only NumPy is needed, and Pillow for paths of files.
"""

from __future__ import annotations

import os
import shutil
from hashlib import blake2b
from tempfile import TemporaryDirectory
from typing import Any, Iterable

import numpy as np
from numpy.typing import NDArray

from reverie.client import Reverie
from reverie.inputs import array_of, flat_labels, labels_of
from reverie.snapshot import Array, integer_labels

__all__ = ["ReverieMemory"]


class ReverieMemory:
    """A rehearsal memory that a service learns.

    Images are uint8, [n, H, W] or [n, H, W, C], as in Continuum, [n, C, H, W], as of its tensors, also as floats in [0, 1], or
    paths of files, which Pillow reads. `get` returns them like those that were added last, and paths of files that it
    writes to a folder, which lasts as long as this object. Labels and task ids are integers.

    memory   the service
    refresh  seconds between two looks at the service; see `Reverie.local`
    """

    def __init__(self, memory: Reverie, refresh: float = 5.0) -> None:
        self._memory, self._local = memory, memory.local(refresh)
        self._tasks: dict[int, int] = {}
        self._like: Array = np.zeros(0, dtype=np.uint8)  # an example of what was added last
        self._folder: TemporaryDirectory[str] | None = None

    def __len__(self) -> int:
        return len(self._local)

    @property
    def seen_classes(self) -> set[int]:
        """The classes that were added, or that have images in the memory."""
        return set(self._tasks) | (set(integer_labels(self._local.all("uint8")).tolist()) if len(self) else set())

    @property
    def nb_classes(self) -> int:
        """Number of classes that were added, or that have images in the memory."""
        return len(self.seen_classes)

    @property
    def memory_per_class(self) -> int:
        """Number of images of each class, on average, that the memory has now."""
        return len(self) // max(1, self.nb_classes)

    def add(self, x: Array, y: Array, t: Array, z: Any = None) -> None:
        """Sends images, which are durable when this method returns.

        x  images, or paths of files
        y  labels
        t  task ids; a class has the task id that it was last sent with
        z  not used
        """
        images, labels, tasks = array_of(x), labels_of(y), flat_labels(t)
        if not len(images) == len(labels) == len(tasks):
            raise ValueError(f"expected as many labels and task ids as images, not {len(images)}, {len(labels)}, {len(tasks)}")
        if _are_paths(images):
            self._memory.send(zip(map(_opened, images), labels)).wait()
        else:
            self._memory.samples(np.moveaxis(images, -1, 1) if _has_channels_last(images) else images, labels)
        self._like = images[:1]
        self._tasks.update(zip(labels.tolist(), tasks.tolist()))
        self._local.refresh()

    def get(self) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
        """Returns images, labels and task ids of the present memory; raises `ValueError` if it is empty."""
        if not len(self):
            raise ValueError("Memory is empty!")
        batch = self._local.all("float32" if self._like.dtype.kind == "f" else "uint8")
        labels = integer_labels(batch)
        tasks = np.array([self._tasks.get(label, 0) for label in labels.tolist()], dtype=np.int64)
        return self._arranged(batch[0]), labels, tasks

    def slice(
        self,
        keep_classes: Iterable[int] | None = None,
        discard_classes: Iterable[int] | None = None,
        keep_tasks: Iterable[int] | None = None,
        discard_tasks: Iterable[int] | None = None,
    ) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
        """Returns what `get` returns, but of some classes and tasks only. The memory stays as it is."""
        choices = (keep_classes, discard_classes), (keep_tasks, discard_tasks)
        if any(keep is not None and discard is not None for keep, discard in choices):
            raise ValueError("give the classes, and the tasks, either to keep or to discard")
        x, y, t = self.get()
        chosen = np.ones(len(y), dtype=bool)
        for values, (keep, discard) in zip((y, t), choices):
            if keep is not None:
                chosen &= np.isin(values, list(keep))
            if discard is not None:
                chosen &= ~np.isin(values, list(discard))
        return x[chosen], y[chosen], t[chosen]

    def _arranged(self, images: Array) -> Array:
        """Returns images [n, C, H, W] in the form in which others were added."""
        if _are_paths(self._like):
            return self._written(images)
        if self._like.dtype.kind == "u" and self._like.dtype.itemsize == 2:
            images = np.multiply(images, 257, dtype=np.uint16)
        if self._like.ndim == 4 and not _has_channels_last(self._like):
            return images
        return images[:, 0] if images.shape[1] == 1 and self._like.ndim != 4 else np.moveaxis(images, 1, -1)

    def _written(self, images: Array) -> Array:
        from PIL import Image

        self._folder = self._folder or TemporaryDirectory(prefix="reverie-")
        paths = []
        for image in images:
            path = os.path.join(self._folder.name, blake2b(image.tobytes(), digest_size=16).hexdigest() + ".png")
            if not os.path.exists(path):
                Image.fromarray(image[0] if len(image) == 1 else np.moveaxis(image, 0, -1)).save(path)
            paths.append(path)
        return np.array(paths)

    def save(self, path: str = "memory.npz") -> None:
        """Writes the images to a file that Continuum's `RehearsalMemory.load` reads: arrays `x`, `y` and `t`.

        If the images are paths, the files are in the folder PATH.images.
        """
        x, y, t = self.get()
        if _are_paths(x):
            folder = os.path.abspath(f"{path}.images")
            os.makedirs(folder, exist_ok=True)
            x = np.array([shutil.copy(each, folder) for each in x])
        np.savez(path, x=x, y=y, t=t)

    def load(self, path: str = "memory.npz") -> None:
        """Sends the images of a file that `RehearsalMemory.save` wrote."""
        with np.load(path, allow_pickle=False) as data:
            self.add(data["x"], data["y"], data["t"])


def _are_paths(images: Array) -> bool:
    return images.dtype.kind in "USO"  # Continuum's `ImageFolderDataset` has bytes


def _opened(path: str) -> Any:
    from PIL import Image

    with Image.open(path) as picture:
        picture.load()
    return picture  # not a copy, which would not know its format


def _has_channels_last(images: Array) -> bool:
    return images.ndim == 4 and (images.shape[-1] in (1, 3) or images.shape[1] not in (1, 3))
