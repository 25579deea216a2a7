"""The buffer for Mammoth. Mammoth is not installed: stand-ins do what commit e75a491c of aimagelab/mammoth does."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

from conftest import required

required("torch")

import torch  # noqa: E402

from reverie import Problem, Reverie  # noqa: E402
from reverie.mammoth import ReverieBuffer  # noqa: E402
from service import TestService, pictures, until  # noqa: E402

LABELS = torch.tensor([4, 4, 4, 9, 9, 9])


class Augmentation(torch.nn.Module):
    """Like `KorniaAugNoGrad`, the transform of a model: changes a batch, and makes a batch of a single image."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return images * 2 if images.ndim == 4 else images[None] * 2


class TorchvisionCrop(torch.nn.Module):
    """Like a module of torchvision, which changes all images of a batch alike."""

    __module__ = "torchvision.transforms.transforms"

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        assert image.ndim == 3
        return image[:, 1:]


def test_a_pickled_buffer_has_no_token(service: TestService) -> None:
    assert b"secret" not in pickle.dumps(ReverieBuffer(Reverie(service.url, token="secret")))


def load_buffer(buffer: Any, saved: dict[str, torch.Tensor]) -> None:
    """`ContinualModel.load_buffer`."""
    assert buffer.buffer_size == saved["examples"].shape[0]
    for name, value in saved.items():
        setattr(buffer, name, value)
    buffer.attributes = list(saved)
    buffer.num_seen_examples = saved["examples"].shape[0]


def filled(service: TestService, labels: Any = LABELS, tasks: Any = None, **options: Any) -> ReverieBuffer:
    buffer = ReverieBuffer(Reverie(service.url), **options)
    buffer.add_data(examples(len(labels)), torch.as_tensor(labels), task_labels=None if tasks is None else torch.as_tensor(tasks))
    buffer.flush()
    return buffer


def examples(count: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(pictures(count, channels=3, seed=seed)).float() / 255


def test_it_is_empty_until_data_are_added(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    assert buffer.is_empty() and len(buffer) == 0

    buffer.add_data(examples=examples(6), labels=torch.tensor([4, 4, 4, 9, 9, 9]))
    buffer.flush()

    assert not buffer.is_empty() and len(buffer) == 6
    assert buffer.num_seen_examples == 6


def test_it_returns_a_balanced_batch(service: TestService) -> None:
    buffer = filled(service)

    images, labels = buffer.get_data(4)

    assert images.shape == (4, 3, 8, 8) and images.dtype == torch.float32
    assert sorted(labels.tolist()) == [4, 4, 9, 9]


def test_it_returns_at_most_what_it_has(service: TestService) -> None:
    buffer = filled(service, [4, 9])

    assert len(buffer.get_data(64)[0]) == 2


def test_it_returns_all_data_as_they_were_sent(service: TestService) -> None:
    sent = examples(2)
    buffer = ReverieBuffer(Reverie(service.url))
    buffer.add_data(sent, torch.tensor([9, 4]))
    buffer.flush()

    images, labels = buffer.get_all_data()

    assert torch.allclose(images, sent)
    assert labels.tolist() == [9, 4]


def test_it_returns_four_images_for_each_mosaic(mosaics: TestService) -> None:
    buffer = filled(mosaics, [9, 9, 4, 4], [1, 1, 0, 0])

    images, labels, tasks = buffer.get_all_data()

    assert len(buffer) == 16 and buffer.num_seen_examples == 4
    assert images.shape == (16, 3, 8, 8)
    assert labels.tolist() == [9] * 8 + [4] * 8
    assert tasks.tolist() == [1] * 8 + [0] * 8
    assert len(buffer.get_data(12)[0]) == 12


def test_each_image_is_transformed(service: TestService) -> None:
    buffer = filled(service, [4, 9])

    images, _ = buffer.get_data(2, transform=lambda image: image[:1] * 0 - 1)
    everything, _ = buffer.get_all_data(transform=lambda image: image[:1])

    assert torch.equal(images, -torch.ones(2, 1, 8, 8))
    assert everything.shape == (2, 1, 8, 8)


def test_task_labels_come_back_and_mask_a_task(service: TestService) -> None:
    buffer = filled(service, [4, 4, 9, 9], [0, 0, 1, 1])

    _, labels, tasks = buffer.get_all_data()
    _, masked, _ = buffer.get_data(2, mask_task_out=1)

    assert tasks.tolist() == [0 if label == 4 else 1 for label in labels.tolist()]
    assert masked.tolist() == [4, 4]


def test_classes_per_task_mask_a_task_without_task_labels(service: TestService) -> None:
    buffer = filled(service, [1, 2])

    assert buffer.get_data(2, mask_task_out=0, cpt=2)[1].tolist() == [2]


@pytest.mark.parametrize(
    ("added", "models"),
    [
        ({"labels": None, "logits": torch.zeros(6, 10)}, "der and fdr"),
        ({"attention_maps": [torch.zeros(6, 1)]}, "twf"),
        ({"true_labels": LABELS}, r"cnll, puridiver, spr"),
        ({"sample_selection_scores": torch.zeros(6)}, "er_tricks and er_ace_tricks .* er_ace_aer_abs without reservoir"),
    ],
)
def test_what_a_learned_image_cannot_have_is_refused_with_the_models_that_need_it(added: dict[str, Any], models: str) -> None:
    with TestService() as service, pytest.raises(ValueError, match=models):
        ReverieBuffer(Reverie(service.url)).add_data(**{"examples": examples(6), "labels": LABELS, **added})


def test_a_model_that_needs_logits_is_told_so_in_its_first_step_if_the_service_has_images_already(service: TestService) -> None:
    service.add(pictures(2, channels=3), [4, 9])
    buffer = ReverieBuffer(Reverie(service.url))

    with pytest.raises(ValueError, match=r"no logits: der and fdr .* use derpp with ReverieBuffer\(memory, relabel=\.\.\.\)"):
        if not buffer.is_empty():  # as derpp does; without logits, a batch would have too few parts
            _, _, _ = buffer.get_data(2)
        buffer.add_data(examples(2), LABELS[:2], logits=torch.zeros(2, 10))
    assert len(buffer) == 2


@pytest.mark.parametrize(("name", "model"), [("sample_selection_fn", "er_tricks"), ("logits", "xder"), ("drop_cache", "gss")])
def test_what_a_model_misses_is_explained(service: TestService, name: str, model: str) -> None:
    buffer = filled(service)

    assert not hasattr(buffer, name) and not hasattr(buffer, "anything")
    with pytest.raises(AttributeError, match=f"no {name}: .*{model}"):
        getattr(buffer, name)


def test_a_module_is_given_the_batch_but_one_of_torchvision_each_image(service: TestService) -> None:
    buffer = filled(service)

    assert torch.equal(buffer.get_all_data(Augmentation())[0], buffer.examples * 2)
    assert buffer.get_data(4, transform=Augmentation())[0].shape == (4, 3, 8, 8)
    assert buffer.get_balanced_data(4, TorchvisionCrop())[0].shape == (4, 3, 7, 8)


def test_an_index_is_a_position_in_the_images_until_the_next_batch(service: TestService) -> None:
    buffer = filled(service, refresh=3600)

    index, plain, images, labels = buffer.get_data(4, Augmentation(), return_index=True, return_not_aug=True)
    service.add(pictures(1, channels=3, seed=9), [1])
    buffer._local.refresh()

    assert torch.equal(buffer.examples[index], plain) and torch.equal(plain * 2, images)
    assert torch.equal(buffer.labels[index], labels)
    assert all(torch.equal(*pair) for pair in zip(buffer.get_data_by_index(index), (plain, labels)))
    assert len(buffer.get_all_data()[0]) == len(buffer) == 7


def test_a_balanced_batch_may_have_some_classes_only(service: TestService) -> None:
    labels = filled(service).get_balanced_data(3, n_classes=1)[1]

    assert len(labels) == 3 and len(labels.unique()) == 1


def test_the_seed_of_numpy_repeats_a_batch(service: TestService) -> None:
    buffer = filled(service)
    batches = []
    for _ in range(2):
        np.random.seed(3)
        batches.append(buffer.get_data(3, return_index=True)[0].tolist())

    assert batches[0] == batches[1]


def test_a_checkpoint_has_what_the_buffer_shows_and_is_loaded_if_the_memory_has_it(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    assert buffer.serialize() == {}
    buffer.add_data(examples(6), LABELS, task_labels=LABELS // 5)
    buffer.flush()
    saved = pickle.loads(pickle.dumps(buffer.serialize()))

    other = ReverieBuffer(Reverie(service.url))
    load_buffer(other, saved)

    assert buffer.used_attributes == list(saved) == ["examples", "labels", "task_labels"]
    assert all(torch.equal(*pair) for pair in zip(other.get_all_data(), saved.values()))
    with pytest.raises(ValueError, match="the memory has other images than the checkpoint"):
        other.labels = saved["labels"].flip(0)


def test_a_copy_draws_from_the_same_memory(service: TestService) -> None:
    copied = copy.deepcopy(filled(service)).to("cpu")

    assert len(copied.get_all_data()[0]) == 6


def test_it_shows_at_most_its_size_balanced_over_the_classes(service: TestService) -> None:
    buffer = filled(service)
    assert (buffer.buffer_size, buffer.is_full()) == (6, True)

    buffer.buffer_size = 4

    assert sorted(buffer.get_all_data()[1].tolist()) == [4, 4, 9, 9]
    assert len(buffer) == len(buffer.examples) == 4


def test_images_that_it_handed_out_are_not_sent_back_when_a_model_fills_it_anew(service: TestService) -> None:
    buffer = filled(service)
    images, labels = buffer.get_all_data()

    buffer.empty()
    assert buffer.num_seen_examples == 0
    buffer.add_data(images, labels)
    buffer.add_data(examples(2, seed=1), torch.tensor([1, 1]))
    buffer.flush()

    assert buffer.num_seen_examples == 8
    assert service.requests.count("POST /v1/samples") == 2
    assert {label: len(images) for label, images in service.images.items()} == {"4": 3, "9": 3, "1": 2}


def test_a_frozen_network_labels_the_images_of_a_batch_anew(service: TestService) -> None:
    buffer = filled(service, relabel=lambda images: images.flatten(1).sum(1, keepdim=True))

    buffer.add_data(examples(1, seed=1), LABELS[:1], logits=torch.zeros(1, 1))
    buffer.flush()
    images, labels, logits = buffer.get_data(4)

    assert buffer.used_attributes == ["examples", "labels", "logits"]
    assert torch.equal(logits, images.flatten(1).sum(1, keepdim=True)) and len(labels) == 4


def test_the_first_images_are_there_for_who_asks_for_them(service: TestService) -> None:
    buffer = ReverieBuffer(Reverie(service.url))
    buffer.add_data(examples(6), LABELS)

    assert len(buffer.examples) == 6
    buffer.add_data(examples(1, seed=1), torch.tensor([1]))
    assert buffer.get_all_data()[1].tolist() == [*LABELS.tolist(), 1]


def test_an_error_of_the_service_is_raised_by_a_later_call(service: TestService) -> None:
    buffer = filled(service)
    service.failures.append((409, "class-sealed", None))

    buffer.add_data(examples(1, seed=1), LABELS[:1])

    with pytest.raises(Problem, match="because class-sealed"):
        buffer.flush()
    buffer.flush()


def test_the_images_of_the_call_that_raises_an_earlier_error_are_added(service: TestService) -> None:
    buffer = filled(service)
    service.failures.append((409, "class-sealed", None))
    buffer.add_data(examples(1, seed=1), LABELS[:1])
    until(lambda: buffer._sender._failure is not None)

    with pytest.raises(Problem, match="because class-sealed"):
        buffer.add_data(examples(1, seed=2), torch.tensor([5]), task_labels=torch.tensor([3]))

    _, labels, tasks = buffer.get_all_data()
    assert buffer.num_seen_examples == 8 and dict(zip(labels.tolist(), tasks.tolist()))[5] == 3


def test_images_that_are_normalised_are_refused(service: TestService) -> None:
    with pytest.raises(ValueError, match="send floats from 0 to 1, before they are normalised"):
        ReverieBuffer(Reverie(service.url)).add_data(examples(6) - 1, LABELS)


def test_it_moves_batches_to_a_device(service: TestService) -> None:
    buffer = filled(service, [1], device="cpu")

    assert buffer.to("meta") is buffer
    assert buffer.get_data(1)[0].device.type == "meta"
    assert buffer.get_data(1, device="cpu")[0].device.type == "cpu"
