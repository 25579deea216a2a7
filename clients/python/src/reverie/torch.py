"""Replay in PyTorch: batches of a memory that keeps learning.

    from reverie import Reverie
    from reverie.torch import ReplayLoader

    loader = ReplayLoader(Reverie("http://127.0.0.1:8080"), batch_size=64)
    for (real_images, real_labels), (images, labels) in zip(stream, loader):
        ...
"""

from __future__ import annotations

import sys
from typing import Any, Callable, Iterable, Iterator

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, TensorDataset, get_worker_info

from reverie.client import Reverie
from reverie.inputs import classes_of
from reverie.local import LocalMemory
from reverie.problem import Problem

Augmentation = Callable[[torch.Tensor], torch.Tensor]

__all__ = ["ReplayDataset", "ReplayLoader", "tensor_dataset"]


class ReplayDataset(IterableDataset):  # type: ignore[misc]
    """Random batches (images, labels) without end; each is balanced over the classes.

    images are float32 [n, C, H, W], and labels int64 [n]. With several workers, each yields batches of its own.

    memory      a service, or a local memory
    batch_size  number of images in a batch
    classes     label or labels of the classes to draw from; by default, all classes
    seed        seed of the batches: batch i is the same in every iteration as long as the memory does not change
    normalise   whether to subtract the mean and divide by the standard deviation of the real images, which the service
                computes once, when it begins to learn; or a pair (mean, std) of numbers for each channel
    augment     called with the images of each batch in [0, 1], before they are normalised
    target      called with the label of a class, a string; returns the integer that the network is trained with. By default,
                labels are those of `Reverie.sample`.
    """

    def __init__(
        self,
        memory: Reverie | LocalMemory,
        batch_size: int = 64,
        *,
        classes: Iterable[str | int] | str | int | None = None,
        seed: int | None = None,
        normalise: bool | tuple[Iterable[float], Iterable[float]] = True,
        augment: Augmentation | None = None,
        target: Callable[[str], int] | None = None,
    ) -> None:
        self.memory = memory.local() if isinstance(memory, Reverie) else memory
        self._batch_size, self._seed, self._normalise = batch_size, seed, normalise
        self._classes = None if classes is None else classes_of(classes)
        self._augment, self._target = augment, target
        self._had_integers: bool | None = None  # in the latest batch
        self._returns_problems = False  # whether a loader raises them: PyTorch makes another error of one in a worker

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        # A DataLoader does not say who it is, but what iterates for it knows whether it makes batches.
        if getattr(sys._getframe(1).f_locals.get("self"), "auto_collation", False):
            raise ValueError(
                "the items of a ReplayDataset are batches: use ReplayLoader(memory, batch_size), or DataLoader(...,"
                " batch_size=None)"
            )
        return _Batches(self)

    def batch(self, seed: int | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """Draws one batch."""
        pixels, numbers, names = self.memory.sample(self._batch_size, seed, self._classes)
        if self._target is not None:
            targets = {number: self._target(names[number]) for number in np.unique(numbers).tolist()}
            numbers = np.array([targets[number] for number in numbers.tolist()], dtype=np.int64)
        else:
            self._require_same_kind(names)
        images = torch.from_numpy(pixels)
        if self._augment is not None:
            images = self._augment(images)
        return self._normalised(images), torch.from_numpy(numbers)

    def _require_same_kind(self, names: dict[int, str]) -> None:
        """Refuses class indices after integers that were sent, and the reverse: a network would take them for other classes."""
        has_integers = all(name == str(number) for number, name in names.items())
        if self._had_integers not in (None, has_integers):
            raise ValueError(
                f"the memory {'no longer' if has_integers else 'now'} has a label that is not an integer, so that it numbers all"
                " classes anew: give target, which maps the label of a class to the integer that the network is trained with"
            )
        self._had_integers = has_integers

    def _normalised(self, images: torch.Tensor) -> torch.Tensor:
        if self._normalise is False:
            return images
        constants = self.memory.normalisation if self._normalise is True else self._normalise
        mean, std = (torch.as_tensor(each, dtype=torch.float32).view(1, -1, 1, 1) for each in constants)
        return (images - mean) / std


class _Batches(Iterator[Any]):
    """The batches of one worker. An iterator that has raised an error goes on afterwards, which a generator does not."""

    def __init__(self, dataset: ReplayDataset) -> None:
        self._dataset, worker = dataset, get_worker_info()
        self._number, self._step = (worker.id, worker.num_workers) if worker else (0, 1)

    def __next__(self) -> Any:
        seed = self._dataset._seed
        try:
            batch = self._dataset.batch(None if seed is None else seed + self._number)
        except Problem as problem:
            if self._dataset._returns_problems:
                return problem
            raise
        self._number += self._step
        return batch


class ReplayLoader(DataLoader):  # type: ignore[misc]
    """Loads the batches of a `ReplayDataset`.

    memory, batch_size, and options  as for `ReplayDataset`

    num_workers      processes that draw and augment batches; with 0, the calling thread does, which is fast without `augment`
    prefetch_factor  batches that each worker prepares in advance. A batch that has been prepared does not see later changes of
                     the memory.
    pin_memory       whether to put batches into pinned memory, from which they are copied faster to a GPU; by default, if CUDA
                     is available
    """

    def __init__(
        self,
        memory: Reverie | LocalMemory,
        batch_size: int = 64,
        *,
        num_workers: int = 0,
        prefetch_factor: int = 2,
        pin_memory: bool | None = None,
        **options: Any,
    ) -> None:
        ahead: dict[str, Any] = {"prefetch_factor": prefetch_factor, "persistent_workers": True} if num_workers else {}
        dataset = ReplayDataset(memory, batch_size, **options)
        dataset._returns_problems = num_workers > 0
        super().__init__(
            dataset,
            batch_size=None,
            num_workers=num_workers,
            pin_memory=torch.cuda.is_available() if pin_memory is None else pin_memory,
            **ahead,
        )

    def __iter__(self) -> Iterator[Any]:
        return map(_raised, super().__iter__())


def tensor_dataset(memory: Reverie | LocalMemory, target: Callable[[str], int] | None = None) -> TensorDataset:
    """Returns all images of a memory, as float32 in [0, 1], with their labels; `target` is that of `ReplayDataset`."""
    local = memory if isinstance(memory, LocalMemory) else memory.local()
    images, numbers, names = local.all()
    if local is not memory:
        local.close()
    if target is not None:
        numbers = np.array([target(names[number]) for number in numbers.tolist()], dtype=np.int64)
    return TensorDataset(torch.from_numpy(images), torch.from_numpy(numbers))


def _raised(batch: Any) -> Any:
    if isinstance(batch, Problem):
        raise batch
    return batch
