"""A storage policy for Avalanche (https://github.com/ContinualAI/avalanche).

    from avalanche.training.plugins import ReplayPlugin
    from reverie import Reverie
    from reverie.avalanche import ReverieBuffer

    policy = ReverieBuffer(Reverie("http://127.0.0.1:8080"), max_size=100)
    plugin = ReplayPlugin(mem_size=100, storage_policy=policy)

Both sizes count the images that the service hands out, which are four for each stored one with factor 2, as for small colour
images.
"""

from __future__ import annotations

from typing import Any, Iterable

import torch
from avalanche.benchmarks.utils import AvalancheDataset
from avalanche.benchmarks.utils.data_attribute import DataAttribute
from avalanche.training.storage_policy import ExemplarsBuffer
from torch.utils.data import DataLoader, TensorDataset

from reverie.client import Reverie
from reverie.snapshot import integer_labels

__all__ = ["ReverieBuffer"]

_ROUNDING = 0.01  # how far the inverse of a normalisation may be from [0, 1]


class ReverieBuffer(ExemplarsBuffer):  # type: ignore[misc]
    """Exemplars that a service learns. Labels are integers.

    memory     the service
    max_size   maximum number of images in `buffer`; if the service hands out more, a random choice that is balanced over the
               classes
    mean, std  what the images of the benchmark are normalised with, for each channel: images are sent without, and `buffer`
               has images with this normalisation. By default, images are in [0, 1].
    refresh    seconds between two looks at the service; see `Reverie.local`
    """

    def __init__(
        self,
        memory: Reverie,
        max_size: int,
        mean: Iterable[float] = (0.0,),
        std: Iterable[float] = (1.0,),
        refresh: float = 5.0,
    ) -> None:
        super().__init__(max_size)
        self._memory, self._local = memory, memory.local(refresh)
        self._mean, self._std = (torch.tensor(list(each)).view(1, -1, 1, 1) for each in (mean, std))
        self._task_labels: dict[int, int] = {}
        self._has_tasks = True

    @property
    def buffer(self) -> AvalancheDataset:
        """The present images of the memory: items (image, label, task label), or (image, label) if the benchmark has these."""
        if len(self._local) == 0:
            return AvalancheDataset([])
        batch = self._local.all() if len(self._local) <= self.max_size else self._local.sample(self.max_size)
        labels = integer_labels(batch).tolist()
        tasks = [self._task_labels.get(label, 0) for label in labels]
        images = (torch.from_numpy(batch[0]) - self._mean) / self._std
        return AvalancheDataset(
            [TensorDataset(images, torch.tensor(labels))],
            data_attributes=[
                DataAttribute(labels, "targets"),
                DataAttribute(tasks, "targets_task_labels", use_in_getitem=self._has_tasks),
            ],
        )

    @buffer.setter
    def buffer(self, new_buffer: AvalancheDataset) -> None:
        raise AttributeError("the service learns the buffer: send images with post_adapt")

    def post_adapt(self, agent_state: Any, exp: Any) -> None:
        """Sends the images of an experience, without the augmentation of training. They are durable when this returns."""
        dataset = exp.dataset.eval() if hasattr(exp.dataset, "eval") else exp.dataset
        for images, labels, *tasks in DataLoader(dataset, batch_size=256):
            self._memory.samples(self._plain(images).numpy(), labels.numpy())
            self._has_tasks = bool(tasks)
            of_each = tasks[0].tolist() if tasks else [getattr(exp, "task_label", 0)] * len(labels)
            self._task_labels.update(zip(labels.tolist(), of_each))
        self._local.refresh()

    def _plain(self, images: torch.Tensor) -> torch.Tensor:
        plain = images * self._std + self._mean
        if len(plain) and not -_ROUNDING <= plain.min() <= plain.max() <= 1 + _ROUNDING:
            raise ValueError(
                f"the images have values from {plain.min():.2f} to {plain.max():.2f} instead of 0 to 1: give the buffer the"
                " mean and std of the normalisation in the benchmark's eval_transform"
            )
        return plain.clamp(0, 1)

    def update(self, strategy: Any, **kwargs: Any) -> None:
        """The name of `post_adapt` in older versions of Avalanche."""
        self.post_adapt(strategy, strategy.experience)

    def resize(self, strategy: Any, new_size: int) -> None:
        """Changes the maximum number of images in `buffer`. The service has its own limit."""
        self.max_size = new_size
