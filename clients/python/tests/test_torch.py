"""Replay in PyTorch."""

from __future__ import annotations

import multiprocessing
from itertools import islice
from typing import Any, Iterator

import numpy as np
import pytest

from conftest import required

required("torch")

import torch  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402

from reverie import Problem, Reverie  # noqa: E402
from reverie.torch import ReplayDataset, ReplayLoader  # noqa: E402
from service import TestService, pictures, until  # noqa: E402

MEAN, STD = 0.5, 0.25  # of the service


def test_a_batch_is_normalised_by_the_memory(service: TestService) -> None:
    service.add(pictures(4), [3, 3, 7, 7])
    memory = Reverie(service.url).local()

    images, labels = next(iter(ReplayDataset(memory, 8, seed=1)))
    expected, numbers, _ = memory.sample(8, seed=1)

    assert images.dtype == torch.float32 and labels.dtype == torch.int64
    assert torch.allclose(images, torch.from_numpy((expected - MEAN) / STD))
    assert labels.tolist() == numbers.tolist()


def test_a_batch_is_normalised_by_given_numbers_or_not_at_all(service: TestService) -> None:
    service.add(pictures(2, channels=3), [3, 7])
    memory = Reverie(service.url).local()
    expected = torch.from_numpy(memory.sample(4, seed=1)[0])

    plain, _ = next(iter(ReplayDataset(memory, 4, seed=1, normalise=False)))
    fixed, _ = next(iter(ReplayDataset(memory, 4, seed=1, normalise=([0.0, 0.5, 0.0], [1.0, 1.0, 2.0]))))

    assert torch.equal(plain, expected)
    assert torch.allclose(fixed[:, 1], expected[:, 1] - 0.5)
    assert torch.allclose(fixed[:, 2], expected[:, 2] / 2)


def test_images_are_augmented_before_they_are_normalised(service: TestService) -> None:
    service.add(pictures(2), [3, 7])
    images, _ = next(iter(ReplayDataset(Reverie(service.url), 4, augment=torch.zeros_like)))

    assert torch.allclose(images, torch.full_like(images, -MEAN / STD))


def test_a_target_maps_labels_to_outputs(service: TestService) -> None:
    service.add(pictures(2), ["shoe", "bag"])
    _, labels = next(iter(ReplayDataset(Reverie(service.url), 4, target={"shoe": 5, "bag": 9}.__getitem__)))

    assert sorted(labels.tolist()) == [5, 5, 9, 9]


def test_labels_that_are_numbered_anew_are_refused_unless_a_target_maps_them() -> None:
    with TestService() as service, Reverie(service.url).local(refresh=3600) as memory:
        service.add(pictures(2), [3, 7])
        memory.refresh()
        plain, mapped = ReplayDataset(memory, 4), ReplayDataset(memory, 4, target={"3": 0, "7": 1, "cat": 2}.__getitem__)
        assert sorted(plain.batch()[1].tolist()) == [3, 3, 7, 7]

        service.add(pictures(1, seed=1), ["cat"])
        memory.refresh()

        with pytest.raises(ValueError, match="not an integer, so that it numbers all classes anew: give target"):
            plain.batch()
        assert set(mapped.batch()[1].tolist()) == {0, 1, 2}


def test_integers_are_refused_once_the_last_label_that_is_not_one_is_gone() -> None:
    with TestService() as service, Reverie(service.url).local(refresh=3600) as memory:
        service.add(pictures(2), ["3", "cat"])
        memory.refresh()
        dataset = ReplayDataset(memory, 4)
        assert sorted(dataset.batch()[1].tolist()) == [0, 0, 1, 1]

        Reverie(service.url).forget("cat")
        service.integers = True
        memory.refresh()

        with pytest.raises(ValueError, match="no longer has a label that is not an integer"):
            dataset.batch()


@pytest.mark.parametrize("classes", [[10], 10, "10"])
def test_batches_are_drawn_from_the_given_classes(service: TestService, classes: Any) -> None:
    service.add(pictures(3), [1, 0, 10])
    _, labels = next(iter(ReplayDataset(Reverie(service.url), 4, classes=classes, target=int)))

    assert labels.tolist() == [10] * 4


def test_a_target_need_not_know_classes_that_are_not_drawn(service: TestService) -> None:
    service.add(pictures(3), ["cat", "dog", "bird"])
    dataset = ReplayDataset(Reverie(service.url), 4, classes=["cat", "dog"], target={"cat": 0, "dog": 1}.__getitem__)

    assert sorted(dataset.batch()[1].tolist()) == [0, 0, 1, 1]


def test_equal_seeds_give_equal_sequences(service: TestService) -> None:
    service.add(pictures(100), [1] * 100)
    dataset = ReplayDataset(Reverie(service.url), 8, seed=1)
    first, again = (list(islice(dataset, 3)) for _ in range(2))

    assert all(torch.equal(a, b) for (a, _), (b, _) in zip(first, again))
    assert not torch.equal(first[0][0], first[1][0])


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_workers_share_the_batches_of_a_seed(start: str) -> None:
    with TestService() as service:
        service.add(pictures(100), [1] * 100)
        memory = Reverie(service.url).local()
        alone = list(islice(ReplayLoader(memory, 8, seed=1), 4))

        loader = ReplayLoader(memory, 8, num_workers=2, seed=1)
        loader.multiprocessing_context = multiprocessing.get_context(start)
        shared = list(islice(loader, 4))

    assert all(torch.equal(a, b) for (a, _), (b, _) in zip(alone, shared))


def test_workers_without_a_seed_draw_different_batches(service: TestService) -> None:
    service.add(pictures(100), [1] * 100)
    first, second = islice(ReplayLoader(Reverie(service.url), 50, num_workers=2), 2)

    assert not torch.equal(first[0], second[0])


def test_batches_have_decoded_images(mosaics: TestService) -> None:
    mosaics.add(pictures(2, channels=3), [7, 3])
    images, labels = next(iter(ReplayDataset(Reverie(mosaics.url), 8, target=int, normalise=False)))

    decoded = torch.from_numpy(Reverie(mosaics.url).memory()["images"])
    assert sorted(labels.tolist()) == [3] * 4 + [7] * 4
    assert sorted(images.flatten(1).tolist()) == sorted(decoded.flatten(1).tolist())


def test_a_network_learns_from_the_memory(service: TestService) -> None:
    images = pictures(20)
    images[:10, :, :, :4] = 255
    service.add(images, [0] * 10 + [1] * 10)
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 2))
    optimiser = torch.optim.SGD(network.parameters(), lr=0.1)
    for batch, labels in islice(ReplayLoader(Reverie(service.url), 16, target=int), 50):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(network(batch), labels).backward()
        optimiser.step()

    inputs = torch.from_numpy((images / np.float32(255) - MEAN) / np.float32(STD))
    assert network(inputs).argmax(1).tolist() == [0] * 10 + [1] * 10


@pytest.mark.parametrize("workers", [0, 1])
def test_a_loader_that_would_make_batches_of_batches_is_told_how_to_take_them(service: TestService, workers: int) -> None:
    service.add(pictures(2), [3, 7])
    dataset = ReplayDataset(Reverie(service.url), 4)

    assert len(next(iter(DataLoader(dataset, batch_size=None)))[1]) == 4
    with pytest.raises(ValueError, match="use ReplayLoader"):
        next(iter(DataLoader(dataset, num_workers=workers)))


@pytest.mark.parametrize("workers", [0, 2])
def test_an_empty_memory_is_reported_and_batches_follow_once_it_has_images(service: TestService, workers: int) -> None:
    with Reverie(service.url).local(refresh=0.01) as memory:
        batches = iter(ReplayLoader(memory, 4, num_workers=workers))
        with pytest.raises(Problem, match="send samples first"):
            next(batches)

        service.add(pictures(2), [3, 7])
        until(lambda: _has_batch(batches))


def _has_batch(batches: Iterator[Any]) -> bool:
    try:
        return len(next(batches)[1]) == 4
    except Problem:
        return False
