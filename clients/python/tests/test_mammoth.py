"""The buffer for Mammoth. Mammoth itself is not installed: these tests follow the interface of its `utils.buffer.Buffer`."""

from __future__ import annotations

import pytest

from conftest import required

required("torch")

import torch  # noqa: E402

from reverie import Reverie  # noqa: E402
from reverie.mammoth import ReverieBuffer  # noqa: E402
from service import TestService, pictures  # noqa: E402


def examples(count: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(pictures(count, channels=3, seed=seed)).float() / 255


def test_it_is_empty_until_data_are_added(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    assert buffer.is_empty() and len(buffer) == 0

    buffer.add_data(examples=examples(6), labels=torch.tensor([4, 4, 4, 9, 9, 9]))

    assert not buffer.is_empty() and len(buffer) == 6
    assert buffer.num_seen_examples == 6


def test_it_returns_a_balanced_batch(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    buffer.add_data(examples(6), torch.tensor([4, 4, 4, 9, 9, 9]))

    images, labels = buffer.get_data(4)

    assert images.shape == (4, 3, 8, 8) and images.dtype == torch.float32
    assert sorted(labels.tolist()) == [4, 4, 9, 9]


def test_it_returns_at_most_what_it_has(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    buffer.add_data(examples(2), torch.tensor([4, 9]))

    assert len(buffer.get_data(64)[0]) == 2


def test_it_returns_all_data_as_they_were_sent(service: TestService) -> None:
    sent = examples(2)
    buffer = ReverieBuffer(Reverie(service.url))
    buffer.add_data(sent, torch.tensor([9, 4]))

    images, labels = buffer.get_all_data()

    assert torch.allclose(images, sent)
    assert labels.tolist() == [9, 4]


def test_it_returns_four_images_for_each_mosaic(mosaics: TestService) -> None:
    buffer = ReverieBuffer(Reverie(mosaics.url))
    buffer.add_data(examples(4), torch.tensor([9, 9, 4, 4]), task_labels=torch.tensor([1, 1, 0, 0]))

    images, labels, tasks = buffer.get_all_data()

    assert len(buffer) == 16 and buffer.num_seen_examples == 4
    assert images.shape == (16, 3, 8, 8)
    assert labels.tolist() == [9] * 8 + [4] * 8
    assert tasks.tolist() == [1] * 8 + [0] * 8
    assert len(buffer.get_data(12)[0]) == 12


def test_each_image_is_transformed(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    buffer.add_data(examples(2), torch.tensor([4, 9]))

    images, _ = buffer.get_data(2, transform=lambda image: image[:1] * 0 - 1)
    everything, _ = buffer.get_all_data(transform=lambda image: image[:1])

    assert torch.equal(images, -torch.ones(2, 1, 8, 8))
    assert everything.shape == (2, 1, 8, 8)


def test_an_index_comes_first_if_asked_for(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    buffer.add_data(examples(2), torch.tensor([4, 9]))

    index, images, labels = buffer.get_data(2, None, return_index=True, device="cpu")

    assert index.tolist() == [0, 1]
    assert len(images) == len(labels) == 2


def test_task_labels_come_back_and_mask_a_task(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    buffer.add_data(examples(4), torch.tensor([4, 4, 9, 9]), task_labels=torch.tensor([0, 0, 1, 1]))

    _, labels, tasks = buffer.get_all_data()
    _, masked, _ = buffer.get_data(2, mask_task_out=1)

    assert tasks.tolist() == [0 if label == 4 else 1 for label in labels.tolist()]
    assert masked.tolist() == [4, 4]


def test_classes_per_task_mask_a_task_without_task_labels(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    buffer.add_data(examples(2), torch.tensor([1, 2]))

    assert buffer.get_data(2, mask_task_out=0, cpt=2)[1].tolist() == [2, 2]


def test_logits_are_refused(service: TestService) -> None:
    with pytest.raises(ValueError, match="such as ER"):
        ReverieBuffer(Reverie(service.url)).add_data(examples(1), torch.tensor([1]), logits=torch.zeros(1, 10))


def test_it_moves_batches_to_a_device(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url), device="cpu")
    buffer.add_data(examples(1), torch.tensor([1]))

    assert buffer.to("meta") is buffer
    assert buffer.get_data(1)[0].device.type == "meta"
    assert buffer.get_data(1, device="cpu")[0].device.type == "cpu"
