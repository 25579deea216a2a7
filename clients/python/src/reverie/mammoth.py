"""A replay buffer for Mammoth (https://github.com/aimagelab/mammoth).

In a model, replace `Buffer(args.buffer_size)` with `ReverieBuffer(Reverie("http://127.0.0.1:8080"))`. The methods are those
of Mammoth's `utils.buffer.Buffer`. What a learned image cannot have, such as the outputs that a network once had for it, is
refused with the names of the models that need it.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Callable, Union

import numpy as np
import torch

from reverie.client import Reverie
from reverie.inputs import pixels_of
from reverie.local import balanced
from reverie.problem import Problem
from reverie.sending import Sender
from reverie.snapshot import Array, Snapshot, converted, integer_labels

__all__ = ["ReverieBuffer"]

Device = Union[torch.device, str]
Transform = Callable[[torch.Tensor], torch.Tensor]

_REFUSED = {
    "logits": "der and fdr replay outputs of the network without labels, and xder changes outputs: use derpp with"
    " ReverieBuffer(memory, relabel=...), a function from images in [0, 1] to the logits of a frozen network",
    "attention_maps": "twf replays the attention maps that a teacher had for an image",
    "true_labels": "models for noisy labels (cnll, puridiver, spr) keep a second label for each image",
    "sample_selection_scores": "er_tricks and er_ace_tricks keep images by their loss, as does er_ace_aer_abs without reservoir",
    "sample_selection_fn": "er_tricks and er_ace_tricks keep images by their loss, but a service decides itself what to keep",
    "drop_cache": "gss keeps images by their gradients, but a service decides itself what to keep",
    "reset_bins": "lws has a buffer of its own, with clusters",
    "task_number": "hal needs the images of the latest task, which a memory does not tell apart",
}


class ReverieBuffer:
    """A buffer whose images are learned by a service. Labels are integers, and images are in [0, 1].

    memory       the service
    device       where batches are put
    refresh      seconds between two looks at the service; see `Reverie.local`
    buffer_size  maximum number of images that the buffer shows: a balanced choice, if the memory has more. By default, all.
    relabel      for DER++: called with images in [0, 1], returns the logits of a network that the model has frozen
    """

    def __init__(
        self,
        memory: Reverie,
        device: Device = "cpu",
        refresh: float = 5.0,
        buffer_size: int | None = None,
        relabel: Transform | None = None,
    ) -> None:
        self.device = device
        self.num_seen_examples = 0
        self.attributes = ["examples", "labels", "logits", "task_labels"]
        self._memory, self._local, self._relabel = memory, memory.local(refresh), relabel
        self._sender = Sender(self._deliver)
        self._limit = buffer_size
        self._shown: _Shown | None = None
        self._task_labels: dict[int, int] = {}
        self._handed_out: set[bytes] = set()

    def __getattr__(self, name: str) -> Any:
        if name in _REFUSED:
            raise AttributeError(_refusal(name))
        raise AttributeError(f"'ReverieBuffer' has no attribute '{name}'")

    def __repr__(self) -> str:
        return f"ReverieBuffer({self._memory!r}: {len(self)} images, {self.num_seen_examples} sent)"

    def __len__(self) -> int:
        return len(self.examples) if len(self._local) else 0

    def to(self, device: Device) -> ReverieBuffer:
        """Puts later batches on another device."""
        self.device = device
        return self

    def is_empty(self) -> bool:
        """Returns whether nothing was added yet, as Mammoth's buffer does, or the memory has no images yet.

        So a model first adds images, and is told what it needs and cannot have, even if the service has images already.
        """
        return self.num_seen_examples == 0 or len(self._local) == 0

    def is_full(self) -> bool:
        """Returns whether as many images were added as the buffer shows at most."""
        return self.num_seen_examples >= self.buffer_size > 0

    def empty(self) -> None:
        """Begins to fill the buffer anew, as models do at the end of a task.

        The service keeps what it has learned, and learned images that are added again are not sent back to it. To delete
        classes, call `Reverie.forget`.
        """
        self.num_seen_examples = 0
        if self._shown is not None:
            self._handed_out = {_digest(image) for image in self._shown.pixels}

    @property
    def buffer_size(self) -> int:
        """Maximum number of images that the buffer shows; by default, the number of images that the memory has."""
        return len(self) if self._limit is None else self._limit

    @buffer_size.setter
    def buffer_size(self, value: int) -> None:
        self._limit = value

    @property
    def used_attributes(self) -> list[str]:
        """What a batch consists of."""
        optional = {"logits": self._relabel is not None, "task_labels": bool(self._task_labels)}
        return [name for name in ("examples", "labels", *optional) if optional.get(name, True)]

    @property
    def examples(self) -> torch.Tensor:
        """All images that the buffer shows, in [0, 1]: those of the latest batch, until the next one is drawn."""
        return (self._shown or self._latest()).examples.to(self.device)

    @examples.setter
    def examples(self, value: torch.Tensor) -> None:
        """Loads a checkpoint, whose images the service has to have."""
        self._require_same(len(self) == len(value))

    @property
    def labels(self) -> torch.Tensor:
        """The label of each of `examples`."""
        return (self._shown or self._latest()).labels.to(self.device)

    @labels.setter
    def labels(self, value: torch.Tensor) -> None:
        self._require_same(torch.equal(self.labels, value.to(self.device)))

    @property
    def task_labels(self) -> torch.Tensor:
        """The task label of each of `examples`."""
        return torch.tensor([self._task_labels.get(label, 0) for label in self.labels.tolist()], device=self.device)

    @task_labels.setter
    def task_labels(self, value: torch.Tensor) -> None:
        self._task_labels.update(zip(self.labels.tolist(), value.tolist()))

    def serialize(self, out_device: Device = "cpu") -> dict[str, torch.Tensor]:
        """Returns the images, labels and task labels for a checkpoint. The memory itself is in the service."""
        return {name: getattr(self, name).to(out_device) for name in self.used_attributes if name != "logits" and len(self)}

    def add_data(
        self,
        examples: torch.Tensor,
        labels: torch.Tensor | None = None,
        logits: torch.Tensor | None = None,
        task_labels: torch.Tensor | None = None,
        **others: Any,
    ) -> None:
        """Sends images in the background; `flush` waits until they are durable. An error of the service is raised later.

        A class has the task label that it was last sent with. Logits are not kept: `relabel` computes those of a batch.
        """
        refused = ["logits"] if labels is None or (logits is not None and self._relabel is None) else []
        for name in refused + [name for name, value in others.items() if value is not None]:
            raise ValueError(_refusal(name))
        assert labels is not None
        new = self._new(pixels_of(examples), labels.cpu().numpy())
        try:
            self._sender.put(*new)
        except Problem as problem:  # of earlier images
            if problem.is_refusal:
                self._count(labels, task_labels)
            raise
        self._count(labels, task_labels)

    def _count(self, labels: torch.Tensor, task_labels: torch.Tensor | None) -> None:
        if task_labels is not None:
            self._task_labels.update(zip(labels.tolist(), task_labels.long().tolist()))
        self.num_seen_examples += len(labels)

    def flush(self) -> None:
        """Waits until all images that were added are durable, or raises why some are not."""
        self._sender.flush()

    def get_data(
        self,
        size: int,
        transform: Transform | None = None,
        return_index: bool = False,
        device: Device | None = None,
        mask_task_out: int | None = None,
        cpt: int | None = None,
        return_not_aug: bool = False,
        not_aug_transform: Transform | None = None,
    ) -> tuple[torch.Tensor, ...]:
        """Returns a random batch, balanced over the classes: examples, labels, logits with `relabel`, task labels if any.

        size               number of images, or all images if there are fewer
        transform          called with the batch if it is a module (unless it is one of torchvision), or else with each image
        return_index       whether the tuple begins with the position of each image in `examples`
        mask_task_out      draws no images of the classes of this task
        cpt                number of classes per task, if no task labels were added
        return_not_aug     whether the images come before the transformed ones, changed by `not_aug_transform` only
        """
        shown = self._latest()
        classes = [label for label in np.unique(shown.numbers).tolist() if self._task(label, cpt) != mask_task_out]
        chosen = shown.drawn(size, shown.numbers if mask_task_out is None else classes)
        found = self.get_data_by_index(chosen, transform, device)
        if return_not_aug:
            found = (_transformed(shown.examples[chosen], not_aug_transform, found[0].device), *found)
        return (chosen.to(found[0].device), *found) if return_index else found

    def get_balanced_data(self, size: int, transform: Transform | None = None, n_classes: int = -1) -> tuple[torch.Tensor, ...]:
        """Returns a random batch of `n_classes` random classes, or of all."""
        shown = self._latest()
        classes = np.random.permutation(np.unique(shown.numbers))
        return self.get_data_by_index(shown.drawn(size, classes if n_classes < 0 else classes[:n_classes]), transform)

    def get_all_data(self, transform: Transform | None = None, device: Device | None = None) -> tuple[torch.Tensor, ...]:
        """Returns all images that the buffer shows, with what the service has learned from all that were added."""
        self.flush()
        self._local.refresh()
        return self.get_data_by_index(torch.arange(len(self._latest().labels)), transform, device)

    def get_data_by_index(
        self, indexes: Any, transform: Transform | None = None, device: Device | None = None
    ) -> tuple[torch.Tensor, ...]:
        """Returns images by their positions in `examples`."""
        shown = self._shown or self._latest()
        target = self.device if device is None else device
        chosen = torch.as_tensor(indexes).cpu()
        images = shown.examples[chosen]
        found = [_transformed(images, transform, target), shown.labels[chosen]]
        if self._relabel is not None:
            with torch.no_grad():
                found.append(self._relabel(images.to(target)))
        if self._task_labels:
            found.append(torch.tensor([self._task(label, None) for label in found[1].tolist()]))
        return tuple(each.to(target) for each in found)

    def _deliver(self, images: Array, labels: Array) -> tuple[int, int]:
        counts = self._memory.samples(images, labels)
        if len(self._local) == 0:
            self._local.refresh()
        return counts

    def _new(self, pixels: Array, labels: Array) -> tuple[Array, Array]:
        """Leaves out learned images that were handed out before `empty`: a service must not learn from what it has learned."""
        if not self._handed_out:
            return pixels, labels
        new = np.array([_digest(image) not in self._handed_out for image in pixels], dtype=bool)
        return pixels[new], labels[new]

    def _latest(self) -> _Shown:
        if len(self._local) == 0:
            self.flush()
        snapshot = self._local.snapshot()
        if self._shown is None or self._shown.snapshot is not snapshot or self._shown.limit != self._limit:
            self._shown = _Shown.of(snapshot, self._limit)
        return self._shown

    def _require_same(self, condition: bool) -> None:
        if not condition:
            raise ValueError(
                "the memory has other images than the checkpoint: restore the backup of the service that belongs to it"
            )

    def _task(self, label: int, cpt: int | None) -> int:
        if cpt is not None and label not in self._task_labels:
            return label // cpt
        return self._task_labels.get(label, 0)


@dataclass(frozen=True)
class _Shown:
    """The images of a snapshot that a buffer shows."""

    snapshot: Snapshot
    limit: int | None
    pixels: Array
    numbers: Array
    examples: torch.Tensor
    labels: torch.Tensor

    @staticmethod
    def of(snapshot: Snapshot, limit: int | None) -> _Shown:
        numbers = integer_labels(snapshot.batch("uint8"))
        chosen = np.arange(len(numbers))
        if limit is not None and limit < len(numbers):
            groups = [np.flatnonzero(numbers == label) for label in np.unique(numbers)]
            chosen = np.sort(balanced(groups, limit, np.random.default_rng(0)))
        pixels, numbers = converted(snapshot.images[chosen], "uint8"), numbers[chosen]
        examples = torch.from_numpy(converted(snapshot.images[chosen], "float32"))
        return _Shown(snapshot, limit, pixels, numbers, examples, torch.from_numpy(numbers))

    def drawn(self, size: int, classes: Any) -> torch.Tensor:
        """Draws positions of images of some classes, of each as many, or one more. Mammoth's seed is that of NumPy."""
        groups = [np.flatnonzero(self.numbers == label) for label in np.unique(classes)]
        count = min(size, sum(map(len, groups)))
        random = np.random.default_rng(np.random.randint(2**31))
        return torch.from_numpy(balanced(groups, count, random) if count else np.zeros(0, dtype=np.int64))


def _transformed(images: torch.Tensor, transform: Transform | None, device: Device) -> torch.Tensor:
    if transform is None:
        return images.to(device)
    is_of_torchvision = type(transform).__module__.startswith("torchvision")  # whose modules change all images alike
    if isinstance(transform, torch.nn.Module) and not is_of_torchvision:
        return transform(images.to(device)).to(device)
    return torch.stack([transform(image) for image in images]).to(device)


def _digest(image: Array) -> bytes:
    return blake2b(image.tobytes(), digest_size=16).digest()


def _refusal(name: str) -> str:
    reason = _REFUSED.get(name, "no model of Mammoth is known to need this")
    return f"a memory keeps images with their labels, and no {name}: {reason}"
