"""A replay buffer for Mammoth (https://github.com/aimagelab/mammoth).

In a model, replace `Buffer(args.buffer_size)` with `ReverieBuffer(Reverie("http://127.0.0.1:8080"))`. The methods are those
of Mammoth's `utils.buffer.Buffer`. A learned image has no logits, so methods that replay logits, such as DER, cannot use it.
"""

from __future__ import annotations

from typing import Any, Callable

import numpy as np
import torch

from reverie.client import Reverie
from reverie.snapshot import Batch, integer_labels

__all__ = ["ReverieBuffer"]


class ReverieBuffer:
    """A buffer whose images are learned by a service. Labels are integers, and images are in [0, 1].

    memory   the service
    device   where batches are put
    refresh  seconds between two looks at the service; see `Reverie.local`
    """

    def __init__(self, memory: Reverie, device: torch.device | str = "cpu", refresh: float = 5.0) -> None:
        self.device = device
        self.num_seen_examples = 0
        self._memory, self._local = memory, memory.local(refresh)
        self._task_labels: dict[int, int] = {}

    def to(self, device: torch.device | str) -> ReverieBuffer:
        """Puts later batches on another device."""
        self.device = device
        return self

    def __len__(self) -> int:
        return len(self._local)

    def is_empty(self) -> bool:
        """Returns whether the memory has no images yet."""
        return len(self._local) == 0

    def add_data(
        self,
        examples: torch.Tensor,
        labels: torch.Tensor | None = None,
        logits: torch.Tensor | None = None,
        task_labels: torch.Tensor | None = None,
        attention_maps: Any = None,
    ) -> None:
        """Sends images, which are durable when this method returns. A class has the task label that it was last sent with."""
        if labels is None or logits is not None or attention_maps is not None:
            raise ValueError("a memory keeps images and labels: use a method that replays only these, such as ER")
        numbers = labels.cpu().numpy()
        self._memory.samples(examples.detach().cpu().numpy(), numbers)
        if self.is_empty():
            self._local.refresh()
        if task_labels is not None:
            self._task_labels.update(zip(numbers.tolist(), task_labels.cpu().tolist()))
        self.num_seen_examples += len(numbers)

    def get_data(
        self,
        size: int,
        transform: Callable[[torch.Tensor], torch.Tensor] | None = None,
        return_index: bool = False,
        device: torch.device | str | None = None,
        mask_task_out: int | None = None,
        cpt: int | None = None,
    ) -> tuple[torch.Tensor, ...]:
        """Returns a random batch, balanced over the classes: examples, labels, and task labels if any were added.

        size           number of images, or all images if there are fewer
        transform      called with each image
        return_index   whether the first element of the tuple is the number of each image in the batch
        mask_task_out  draws no images of the classes of this task
        cpt            number of classes per task, if no task labels were added
        """
        classes = None if mask_task_out is None else self._outside(mask_task_out, cpt)
        batch = self._local.sample(min(size, len(self._local)), classes=classes)
        found = self._tensors(batch, transform, device)
        return (torch.arange(len(found[0]), device=found[0].device), *found) if return_index else found

    def get_all_data(
        self,
        transform: Callable[[torch.Tensor], torch.Tensor] | None = None,
        device: torch.device | str | None = None,
    ) -> tuple[torch.Tensor, ...]:
        """Returns all images of the memory: examples, labels, and task labels if any were added."""
        return self._tensors(self._local.all(), transform, device)

    def _outside(self, task: int, cpt: int | None) -> list[int]:
        labels = np.unique(integer_labels(self._local.all())).tolist()
        return [label for label in labels if self._task(label, cpt) != task]

    def _task(self, label: int, cpt: int | None) -> int:
        if cpt is not None and label not in self._task_labels:
            return label // cpt
        return self._task_labels.get(label, 0)

    def _tensors(
        self,
        batch: Batch,
        transform: Callable[[torch.Tensor], torch.Tensor] | None,
        device: torch.device | str | None,
    ) -> tuple[torch.Tensor, ...]:
        target = self.device if device is None else device
        images, labels = torch.from_numpy(batch[0]), integer_labels(batch)
        if transform is not None:
            images = torch.stack([transform(image) for image in images])
        found = [images, torch.from_numpy(labels)]
        if self._task_labels:
            found.append(torch.tensor([self._task(label, None) for label in labels.tolist()]))
        return tuple(each.to(target) for each in found)
