"""The storage policy for Avalanche. Avalanche itself is not installed: stand-ins have the shape of the parts that it uses."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any, Iterator

import pytest

from conftest import required

required("torch")

import torch  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

from reverie import Reverie  # noqa: E402
from service import TestService, pictures  # noqa: E402


class DataAttribute:
    """A value for each item of a dataset, which may be appended to the item."""

    def __init__(self, data: list[int], name: str, use_in_getitem: bool = False) -> None:
        self.data, self.name, self.use_in_getitem = data, name, use_in_getitem


class AvalancheDataset:
    """Datasets in a row, with attributes."""

    def __init__(self, datasets: list[Any], *, data_attributes: list[DataAttribute] | None = None) -> None:
        self._datasets, self._attributes = datasets, data_attributes or []
        for attribute in self._attributes:
            setattr(self, attribute.name, attribute)

    def __len__(self) -> int:
        return sum(map(len, self._datasets))

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        appended = tuple(each.data[index] for each in self._attributes if each.use_in_getitem)
        return tuple(self._datasets[0][index]) + appended


class ExemplarsBuffer:
    """The base class of storage policies."""

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self._buffer = AvalancheDataset([])


class Experience:
    """An experience whose images are augmented unless the dataset is that of an evaluation."""

    def __init__(self, images: torch.Tensor, labels: list[int], task: int, yields_task: bool = True) -> None:
        tasks = [torch.tensor([task] * len(labels))] if yields_task else []
        self.dataset = SimpleNamespace(eval=lambda: TensorDataset(images, torch.tensor(labels), *tasks))
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


@pytest.mark.parametrize("options", [{}, {"mean": [0.5], "std": [1.0]}])
def test_images_that_are_normalised_in_another_way_are_refused(service: TestService, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="instead of 0 to 1: give the buffer the mean and std"):
        policy(service, **options).post_adapt(None, Experience((images(4) - 0.5) / 0.25, [9, 9, 4, 4], task=0))


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


def test_older_versions_call_update(service: TestService) -> None:
    buffer = policy(service)
    buffer.update(SimpleNamespace(experience=Experience(images(1), [3], task=0)))

    assert buffer.buffer.targets.data == [3]


def test_the_buffer_cannot_be_set(service: TestService) -> None:
    with pytest.raises(AttributeError, match="post_adapt"):
        policy(service).buffer = AvalancheDataset([])
