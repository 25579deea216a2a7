"""A rehearsal memory for Continuum (https://github.com/Continvvm/continuum).

    memory = ReverieMemory(Reverie("http://127.0.0.1:8080"))
    for task_id, taskset in enumerate(scenario):
        if task_id > 0:
            taskset.add_samples(*memory.get())
        ...
        memory.add(*scenario[task_id].get_raw_samples(), z=None)

The methods are those of Continuum's `RehearsalMemory`. Only NumPy is needed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reverie.client import Reverie
from reverie.snapshot import Array, integer_labels

__all__ = ["ReverieMemory"]


class ReverieMemory:
    """A rehearsal memory that a service learns.

    Images are uint8, [n, H, W] or [n, H, W, C], as in Continuum, or [n, C, H, W], as of its tensors. Labels and task ids are integers.

    memory   the service
    refresh  seconds between two looks at the service; see `Reverie.local`
    """

    def __init__(self, memory: Reverie, refresh: float = 5.0) -> None:
        self._memory, self._local = memory, memory.local(refresh)
        self._tasks: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._local)

    @property
    def nb_classes(self) -> int:
        """Number of classes that have images in the memory."""
        return len(np.unique(self._local.all()[1])) if len(self) else 0

    def add(self, x: Array, y: Array, t: Array, z: Any = None) -> None:
        """Sends images, which are durable when this method returns.

        x  images
        y  labels
        t  task ids; a class has the task id that it was last sent with
        z  not used
        """
        images = np.asarray(x)
        has_channels_last = images.ndim == 4 and (images.shape[-1] in (1, 3) or images.shape[1] not in (1, 3))
        self._memory.samples(np.moveaxis(images, -1, 1) if has_channels_last else images, y)
        self._tasks.update(zip(np.asarray(y).tolist(), np.asarray(t).tolist()))
        self._local.refresh()

    def get(self) -> tuple[Array, NDArray[np.int64], NDArray[np.int64]]:
        """Returns images, labels and task ids of the present memory; raises `ValueError` if it is empty."""
        if not len(self):
            raise ValueError("Memory is empty!")
        batch = self._local.all("uint8")
        labels = integer_labels(batch)
        images = batch[0][:, 0] if batch[0].shape[1] == 1 else np.moveaxis(batch[0], 1, -1)
        return images, labels, np.array([self._tasks.get(label, 0) for label in labels.tolist()], dtype=np.int64)

    def save(self, path: str = "memory.npz") -> None:
        """Writes the images to a file that Continuum's `RehearsalMemory.load` reads: arrays `x`, `y` and `t`."""
        x, y, t = self.get()
        np.savez(path, x=x, y=y, t=t)

    def load(self, path: str = "memory.npz") -> None:
        """Sends the images of a file that `RehearsalMemory.save` wrote."""
        with np.load(path, allow_pickle=False) as data:
            self.add(data["x"], data["y"], data["t"])
