"""A storage policy for Avalanche (https://github.com/ContinualAI/avalanche).

    from avalanche.training.plugins import ReplayPlugin
    from reverie import Reverie
    from reverie.avalanche import ReverieBuffer

    policy = ReverieBuffer(Reverie("http://127.0.0.1:8080"), max_size=500)
    plugin = ReplayPlugin(mem_size=500, storage_policy=policy)

Both sizes count the images that the service hands out, which are four for each stored one with factor 2, as for small colour
images.
"""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any, Iterable

import numpy as np
import torch
from avalanche.benchmarks.utils import AvalancheDataset
from avalanche.benchmarks.utils.data_attribute import DataAttribute
from avalanche.training.storage_policy import ExemplarsBuffer

from reverie.client import Reverie
from reverie.inputs import parts_of
from reverie.snapshot import Array, integer_labels

__all__ = ["ReverieBuffer"]

_ROUNDING = 0.01  # how far the inverse of a normalisation may be from [0, 1]


class ReverieBuffer(ExemplarsBuffer):  # type: ignore[misc]
    """Exemplars that a service learns. Labels are integers.

    Images are sent as the benchmark has them before its transforms. `buffer` has images of the same kind, such as pictures of
    Pillow, and applies the transforms of the benchmark to them, so that they are augmented and normalised like new images.

    memory     the service
    max_size   maximum number of images in `buffer`; if the service hands out more, a random choice that is balanced over the
               classes
    mean, std  what the tensors of the benchmark are normalised with before its transforms, for each channel. By default, they
               are in [0, 1].
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
        self._mean, self._std = (torch.tensor(list(each)).view(-1, 1, 1) for each in (mean, std))
        self._normalises = bool((self._mean != 0).any() or (self._std != 1).any())
        self._task_labels: dict[int, int] = {}
        self._latest: Any = None  # the dataset of the latest experience, without its transforms
        self._transforms: Any = None

    @property
    def buffer(self) -> AvalancheDataset:
        """The present images of the memory: a dataset like that of the latest experience."""
        if len(self._local) == 0:
            return AvalancheDataset([])
        is_small = len(self._local) <= self.max_size
        batch = self._local.all("uint8") if is_small else self._local.sample(self.max_size, dtype="uint8")
        labels = integer_labels(batch).tolist()
        tasks = [self._task_labels.get(label, 0) for label in labels]
        first = () if self._latest is None else self._latest[0]
        kind = AvalancheDataset if self._latest is None else type(self._latest)
        return kind(
            [_Items([self._like(image, first[0] if first else None) for image in batch[0]], labels)],
            data_attributes=[
                DataAttribute(labels, "targets"),
                DataAttribute(tasks, "targets_task_labels", use_in_getitem=len(first) != 2),
            ],
            transform_groups=self._transforms,
        )

    @buffer.setter
    def buffer(self, new_buffer: AvalancheDataset) -> None:
        raise AttributeError("the service learns the buffer: send images with post_adapt")

    def post_adapt(self, agent_state: Any, exp: Any) -> None:
        """Sends the images of an experience, without its transforms. They are durable when this returns."""
        self._transforms = _transforms(exp.dataset)
        self._latest = exp.dataset.train().remove_current_transform_group()
        self._lowest = np.inf  # value so far
        for items in parts_of(map(self._latest.__getitem__, range(len(self._latest)))):
            labels = [int(label) for _, label, *_ in items]
            self._memory.samples(self._plain([image for image, *_ in items]), labels)
            of_each = [int(more[0]) if more else getattr(exp, "task_label", 0) for _, _, *more in items]
            self._task_labels.update(zip(labels, of_each))
        self._local.refresh()

    def update(self, strategy: Any, **kwargs: Any) -> None:
        """The name of `post_adapt` in older versions of Avalanche."""
        self.post_adapt(strategy, strategy.experience)

    def resize(self, strategy: Any, new_size: int) -> None:
        """Changes the maximum number of images in `buffer`. The service has its own limit."""
        self.max_size = new_size

    def _plain(self, images: list[Any]) -> list[Any]:
        """Returns images as they are sent: without the normalisation of the benchmark, and with their channels first."""
        if not _are_floats(images[0]):
            self._require(not self._normalises, "they are bytes or pictures: leave out mean and std")
            return [np.moveaxis(image, -1, 0) if _has_channels_last(image) else image for image in images]
        self._lowest = min(self._lowest, *(float(image.min()) for image in images))
        self._require(not self._normalises or self._lowest < 0, "they are in [0, 1] already: leave out mean and std")
        plain = [image.cpu() * self._std + self._mean for image in images]
        lowest, largest = min(float(each.min()) for each in plain), max(float(each.max()) for each in plain)
        self._require(
            -_ROUNDING <= lowest <= largest <= 1 + _ROUNDING,
            f"they have values from {lowest:.2f} to {largest:.2f} instead of 0 to 1: normalise them in train_transform and"
            " eval_transform of the benchmark, or give the buffer the mean and std that they are normalised with",
        )
        return [each.clamp(0, 1) for each in plain]

    def _like(self, image: Array, example: Any) -> Any:
        """Returns an image of the memory in the form in which the benchmark has its images."""
        if hasattr(example, "getbands"):
            from PIL.Image import fromarray

            return fromarray(image[0] if len(image) == 1 else np.moveaxis(image, 0, -1)).convert(example.mode)
        if isinstance(example, np.ndarray):
            image = (image / 255).astype(example.dtype) if example.dtype.kind == "f" else image
            return np.moveaxis(image, 0, -1) if _has_channels_last(example) else image.reshape(image.shape[-example.ndim :])
        tensor = torch.from_numpy(image)
        if example is None or _are_floats(example):
            tensor = (tensor / 255 - self._mean) / self._std
        return tensor if example is None or example.ndim == tensor.ndim else tensor[0]

    @staticmethod
    def _require(condition: bool, reason: str) -> None:
        if not condition:
            raise ValueError(f"the images of the benchmark cannot be sent, because before its transforms {reason}")


class _Items(torch.utils.data.Dataset):  # type: ignore[misc]
    """Images, which need not be tensors, with their labels."""

    def __init__(self, images: list[Any], labels: list[int]) -> None:
        self._images, self._labels = images, labels

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        return self._images[index], self._labels[index]


def _transforms(dataset: Any) -> Any:
    """Returns all transforms of a dataset of Avalanche as one group; parts of datasets have those of the whole below them."""
    groups: list[Any] = []
    level = dataset._flat_data
    while hasattr(level, "_transform_groups"):
        groups.insert(0, level._transform_groups)
        level = level._datasets[0] if level._datasets else None
    return reduce(add, groups)


def _are_floats(image: Any) -> bool:
    return isinstance(image, torch.Tensor) and image.is_floating_point()


def _has_channels_last(image: Any) -> bool:
    return isinstance(image, np.ndarray) and image.ndim == 3 and image.shape[0] not in (1, 3)
