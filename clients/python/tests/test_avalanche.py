"""The storage policy for Avalanche. Avalanche is not installed: stand-ins do what commit eb075be3 of ContinualAI does."""

from __future__ import annotations

import copy
import sys
from types import ModuleType, SimpleNamespace
from typing import Any, Iterator

import pytest

from conftest import required

required("torch")
required("PIL")

import numpy as np  # noqa: E402
import torch  # noqa: E402
from PIL import Image  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

from reverie import Reverie  # noqa: E402
from service import TestService, pictures  # noqa: E402


class DataAttribute:
    """A value for each item of a dataset, which may be appended to the item."""

    def __init__(self, data: list[int], name: str, use_in_getitem: bool = False) -> None:
        self.data, self.name, self.use_in_getitem = data, name, use_in_getitem


class TransformGroups:
    """A transform of images for each group."""

    def __init__(self, groups: dict[str, Any]) -> None:
        self.groups = groups

    def __add__(self, other: TransformGroups) -> TransformGroups:
        return TransformGroups({**self.groups, **other.groups})


class FlatData:
    """Data with transforms, of which a part may have data with transforms of its own below it."""

    def __init__(self, datasets: list[Any], groups: dict[str, Any]) -> None:
        self._datasets, self._transform_groups = datasets, TransformGroups(groups)

    def item(self, index: int, group: str) -> list[Any]:
        below = self._datasets[0]
        image, *others = below.item(index, group) if isinstance(below, FlatData) else below[index]
        return [self._transform_groups.groups.get(group, lambda each: each)(image), *others]

    def without(self, group: str) -> FlatData:
        below = [each.without(group) if isinstance(each, FlatData) else each for each in self._datasets]
        return FlatData(below, {name: each for name, each in self._transform_groups.groups.items() if name != group})


class AvalancheDataset:
    """A dataset with attributes and transforms."""

    def __init__(
        self,
        datasets: list[Any],
        *,
        data_attributes: list[DataAttribute] | None = None,
        transform_groups: TransformGroups | None = None,
    ) -> None:
        self._length, self._group = sum(map(len, datasets)), "train"
        below = [each._flat_data if isinstance(each, AvalancheDataset) else each for each in datasets]
        self._flat_data = FlatData(below, transform_groups.groups if transform_groups else {})
        self._attributes = data_attributes or (datasets[0]._attributes if datasets else [])
        for attribute in self._attributes:
            setattr(self, attribute.name, attribute)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        appended = (each.data[index] for each in self._attributes if each.use_in_getitem)
        return (*self._flat_data.item(index, self._group), *appended)

    def train(self) -> AvalancheDataset:
        return self._changed(_group="train")

    def remove_current_transform_group(self) -> AvalancheDataset:
        return self._changed(_flat_data=self._flat_data.without(self._group))

    def _changed(self, **changes: Any) -> AvalancheDataset:
        dataset = copy.copy(self)
        dataset.__dict__.update(changes)
        return dataset


class TaskAwareDataset(AvalancheDataset):
    """What a loader that is balanced over the tasks needs."""

    @property
    def task_set(self) -> dict[int, list[int]]:
        tasks = self.targets_task_labels.data
        return {task: [i for i, each in enumerate(tasks) if each == task] for task in tasks}


class ExemplarsBuffer:
    """The base class of storage policies."""

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self._buffer = AvalancheDataset([])


class Items:
    """Images with labels."""

    def __init__(self, images: Any, labels: list[int]) -> None:
        self.images, self.labels = images, labels

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Any, int]:
        return self.images[index], self.labels[index]


class Experience:
    """An experience of `nc_benchmark`, whose items have a task label, or of `class_incremental_benchmark`.

    Its dataset is a part of another one, which has the transform.
    """

    def __init__(self, images: Any, labels: list[int], task: int, yields_task: bool = True, transform: Any = None) -> None:
        kind = TaskAwareDataset if yields_task else AvalancheDataset
        attributes = [
            DataAttribute(labels, "targets"),
            DataAttribute([task] * len(labels), "targets_task_labels", use_in_getitem=yields_task),
        ]
        groups = TransformGroups({"train": transform} if transform else {})
        whole = kind([Items(images, labels)], data_attributes=attributes, transform_groups=groups)
        self.dataset = kind([whole])
        self.task_label = task


@pytest.fixture(autouse=True)
def avalanche(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    contents: dict[str, dict[str, Any]] = {
        "avalanche": {},
        "avalanche.benchmarks": {},
        "avalanche.benchmarks.utils": {"AvalancheDataset": AvalancheDataset},
        "avalanche.benchmarks.utils.data_attribute": {"DataAttribute": DataAttribute},
        "avalanche.training": {},
        "avalanche.training.storage_policy": {"ExemplarsBuffer": ExemplarsBuffer},
    }
    for name, values in contents.items():
        module = ModuleType(name)
        module.__dict__.update(values, __path__=[])
        monkeypatch.setitem(sys.modules, name, module)
    yield
    sys.modules.pop("reverie.avalanche", None)


def policy(service: TestService, max_size: int = 100, **options: Any) -> Any:
    from reverie.avalanche import ReverieBuffer

    return ReverieBuffer(Reverie(service.url), max_size, **options)


def images(count: int) -> torch.Tensor:
    return torch.from_numpy(pictures(count)).float() / 255


def test_it_has_the_size_that_the_replay_plugin_asserts(service: TestService) -> None:
    buffer = policy(service, max_size=200)

    assert isinstance(buffer, ExemplarsBuffer)
    assert buffer.max_size == 200
    assert len(buffer.buffer) == 0


def test_an_experience_is_sent_and_then_in_the_buffer(service: TestService) -> None:
    buffer = policy(service)
    sent = images(4)

    buffer.post_adapt(None, Experience(sent, [9, 9, 4, 4], task=1))
    (x, y, t), = DataLoader(buffer.buffer, batch_size=4)

    assert torch.allclose(x, sent)
    assert (y.tolist(), t.tolist()) == ([9, 9, 4, 4], [1] * 4)
    assert buffer.buffer.targets.data == [9, 9, 4, 4]
    assert buffer.buffer.targets_task_labels.data == [1] * 4


def test_a_benchmark_may_yield_images_and_labels_only(service: TestService) -> None:
    buffer = policy(service)

    buffer.post_adapt(None, Experience(images(4), [9, 9, 4, 4], task=1, yields_task=False))
    (x, y), = DataLoader(buffer.buffer, batch_size=4)

    assert (len(x), y.tolist()) == (4, [9, 9, 4, 4])
    assert buffer.buffer.targets_task_labels.data == [1] * 4


NORMALISATION = {"mean": [0.5], "std": [0.25]}


@pytest.mark.parametrize(
    ("sent", "options", "reason"),
    [
        ((images(4) - 0.5) / 0.25, {}, "instead of 0 to 1: normalise them in train_transform and eval_transform"),
        ((images(4) - 0.5) / 0.25, {"mean": [0.5], "std": [1.0]}, "instead of 0 to 1"),
        (images(4), NORMALISATION, "in .0, 1. already: leave out mean and std"),
        (list(pictures(4)), NORMALISATION, "bytes or pictures: leave out mean and std"),
    ],
)
def test_images_that_are_normalised_in_another_way_are_refused(sent: Any, options: dict[str, Any], reason: str) -> None:
    with TestService() as service, pytest.raises(ValueError, match=reason):
        policy(service, **options).post_adapt(None, Experience(sent, [9, 9, 4, 4], task=0))


def coloured(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.moveaxis(pixels, 0, -1))


@pytest.mark.parametrize(
    ("make", "to_array"),
    [
        pytest.param(coloured, lambda picture: np.moveaxis(np.asarray(picture), -1, 0), id="pictures"),
        pytest.param(lambda pixels: np.moveaxis(pixels, 0, -1), lambda image: np.moveaxis(image, -1, 0), id="channels last"),
        pytest.param(torch.from_numpy, lambda tensor: tensor.numpy(), id="tensors of bytes"),
    ],
)
def test_images_are_sent_without_the_transform_and_replayed_with_it(make: Any, to_array: Any) -> None:
    plain = pictures(2, channels=3)
    with TestService() as service:
        buffer = policy(service)
        transform = lambda image: torch.from_numpy(to_array(image) / 255 - 0.5)  # noqa: E731
        buffer.post_adapt(None, Experience([make(each) for each in plain], [9, 4], task=0, transform=transform))

        assert np.array_equal(np.concatenate([service.images["9"], service.images["4"]]), plain)
        assert torch.equal(buffer.buffer[0][0], torch.from_numpy(plain[0] / 255 - 0.5))


def test_arrays_of_floats_are_replayed_as_floats(service: TestService) -> None:
    plain = [np.moveaxis(each / 255, 0, -1) for each in pictures(2, channels=3)]
    buffer = policy(service)
    buffer.post_adapt(None, Experience(plain, [9, 4], task=0))

    image = buffer.buffer[0][0]
    assert image.dtype == plain[0].dtype and np.allclose(image, plain[0])


def test_the_buffer_is_a_dataset_like_that_of_the_benchmark(service: TestService) -> None:
    buffer = policy(service)
    buffer.post_adapt(None, Experience(images(2), [9, 9], task=0))
    buffer.post_adapt(None, Experience(images(4)[2:], [4, 4], task=1))

    assert buffer.buffer.task_set == {0: [0, 1], 1: [2, 3]}


def test_the_normalisation_of_the_benchmark_is_undone_and_applied(service: TestService) -> None:
    buffer = policy(service, mean=[0.5], std=[0.25])
    plain = images(2)

    buffer.post_adapt(None, Experience((plain - 0.5) / 0.25, [9, 4], task=0))

    assert torch.allclose(torch.from_numpy(Reverie(service.url).memory()["images"]), plain)
    assert torch.allclose(buffer.buffer[0][0], (plain[0] - 0.5) / 0.25)


def test_the_buffer_has_at_most_its_size_and_is_balanced(service: TestService) -> None:
    buffer = policy(service)
    buffer.post_adapt(None, Experience(images(6), [9, 9, 9, 4, 4, 4], task=0))

    buffer.resize(None, 4)

    assert buffer.max_size == 4
    assert sorted(buffer.buffer.targets.data) == [4, 4, 9, 9]


@pytest.mark.parametrize(("max_size", "of_each_class"), [(100, 8), (10, 5)])
def test_the_size_counts_decoded_images(mosaics: TestService, max_size: int, of_each_class: int) -> None:
    buffer = policy(mosaics, max_size)
    buffer.post_adapt(None, Experience(images(4), [9, 9, 4, 4], task=1))

    assert sorted(buffer.buffer.targets.data) == [4] * of_each_class + [9] * of_each_class
    assert buffer.buffer.targets_task_labels.data == [1] * 2 * of_each_class


def test_no_more_images_are_read_than_fill_a_request(service: TestService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reverie.inputs.REQUEST_BYTES", 128)
    buffer, sizes = policy(service), []
    samples = buffer._memory.samples
    monkeypatch.setattr(buffer._memory, "samples", lambda images, labels: sizes.append(len(images)) or samples(images, labels))

    buffer.post_adapt(None, Experience(images(6), [9, 9, 9, 4, 4, 4], task=0))

    assert sizes == [2, 2, 2]


def test_older_versions_call_update(service: TestService) -> None:
    buffer = policy(service)
    buffer.update(SimpleNamespace(experience=Experience(images(1), [3], task=0)))

    assert buffer.buffer.targets.data == [3]


def test_the_buffer_cannot_be_set(service: TestService) -> None:
    with pytest.raises(AttributeError, match="post_adapt"):
        policy(service).buffer = AvalancheDataset([])
