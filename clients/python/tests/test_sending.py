"""Images that are sent in the background, and the end of a client."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
import re
import threading
from typing import Any, Callable, Iterator

import numpy as np
import pytest

import reverie
from conftest import required
from reverie import Problem, Reverie
from reverie.inputs import batches_of
from reverie.sending import Sender, Sending
from service import TestService, pictures, until

required("torch")
required("PIL")

import torch  # noqa: E402
from PIL import Image  # noqa: E402
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset  # noqa: E402

IMAGES = pictures(6)
LABELS = [3, 3, 3, 7, 7, 7]


class ImageFolder(Dataset):  # type: ignore[misc]
    """Like that of torchvision: items are pictures of any size with the position of their class."""

    classes = ["bag", "shoe"]

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> tuple[Image.Image, int]:
        return Image.fromarray(IMAGES[index, 0, : 8 - 4 * (index == 1)]), index // 2


class Stream(IterableDataset):  # type: ignore[misc]
    """A dataset without positions that knows its length."""

    def __len__(self) -> int:
        return len(IMAGES)

    def __iter__(self) -> Iterator[tuple[np.ndarray, int]]:
        return zip(IMAGES, LABELS)


def tensors() -> TensorDataset:
    return TensorDataset(torch.from_numpy(IMAGES / np.float32(255)), torch.tensor(LABELS))


@pytest.mark.parametrize(
    ("source", "requests"),
    [
        pytest.param(lambda: DataLoader(tensors(), batch_size=2), [2, 4], id="a loader"),
        pytest.param(tensors, [6], id="a dataset"),
        pytest.param(Stream, [6], id="a dataset without positions"),
        pytest.param(lambda: iter([(IMAGES[:4], LABELS[:4], "more"), (IMAGES[4:], LABELS[4:])]), [4, 2], id="batches"),
        pytest.param(lambda: zip(IMAGES, LABELS), [6], id="items"),
    ],
)
def test_a_source_is_sent_in_the_background(source: Callable[[], Any], requests: list[int]) -> None:
    with TestService() as service, Reverie(service.url) as memory:
        sending = memory.send(source())

        assert sending.wait() == (6, 0) and sending.sent == 6
        assert {label: len(images) for label, images in service.images.items()} == {"3": 3, "7": 3}
        assert sum(service.sizes) == sum(requests) and len(service.sizes) <= len(requests) + 1


def test_labels_are_mapped_and_pictures_may_differ_in_size() -> None:
    with TestService() as service:
        assert Reverie(service.url).send(ImageFolder(), ImageFolder.classes.__getitem__).wait() == (4, 0)

        assert {label: sorted(each.shape for each in images) for label, images in service.images.items()} == {
            "bag": [(1, 4, 8), (1, 8, 8)],
            "shoe": [(1, 8, 8), (1, 8, 8)],
        }


def test_the_label_of_an_item_may_have_a_shape_as_in_medmnist() -> None:
    items = list(zip(pictures(6, channels=3), np.array(LABELS)[:, None]))
    with TestService() as service:
        assert Reverie(service.url).send(items).wait() == (6, 0)
        assert Reverie(service.url).send(items, {3: "bag", 7: "shoe"}.__getitem__).wait() == (6, 0)

        assert {label: len(images) for label, images in service.images.items()} == {"3": 3, "7": 3, "bag": 3, "shoe": 3}


@pytest.mark.parametrize(
    ("make", "sizes"),
    [
        (torch.from_numpy, [2, 2, 2]),
        (lambda image: image.tolist(), [2, 2, 2]),
        (lambda image: Image.fromarray(image[0]), [2, 2, 2]),
        (lambda image: Image.fromarray(image[0]).convert("RGB"), [1] * 6),
    ],
)
def test_single_images_are_gathered_until_they_fill_a_request(
    make: Callable[[Any], Any], sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reverie.inputs.REQUEST_BYTES", IMAGES[:3].nbytes - 1)

    assert [len(labels) for _, labels in batches_of(zip(map(make, IMAGES), LABELS))] == sizes


def test_a_source_ends_when_the_service_takes_no_images(service: TestService) -> None:
    service.failures += [(507, "storage-full", None)] * 1000
    read = []
    source = ((IMAGES[:1], [read.append(i) or 7]) for i in range(1000))
    with pytest.raises(Problem, match="storage-full"):
        Reverie(service.url, patience=0).send(source).wait()

    assert len(read) < 1000


def test_an_item_of_a_dataset_is_no_batch_of_its_channels() -> None:
    with pytest.raises(ValueError, match="take argmax of one-hot vectors"):
        Reverie("http://127.0.0.1:1").send(TensorDataset(torch.zeros(4, 3, 8, 8), torch.eye(3)[[0, 1, 2, 0]])).wait()


def test_rows_with_names_are_refused_with_what_to_send() -> None:
    rows = [{"image": IMAGES[0], "label": 3}]
    for source in (rows, DataLoader(rows)):
        with pytest.raises(ValueError, match=r"dictionaries with image, label: send pairs .*row\['image'\], row\['label'\]"):
            Reverie("http://127.0.0.1:1").send(source).wait()


def test_the_end_of_a_client_raises_the_error_of_what_nobody_waits_for() -> None:
    with TestService() as service:
        service.failures.append((409, "class-sealed", None))
        memory = Reverie(service.url)
        memory.send(tensors())
        until(lambda: not any(thread.name.startswith("reverie-") for thread in threading.enumerate()))

        with pytest.raises(Problem, match="because class-sealed"):
            memory.close()
        memory.close()


def test_the_end_of_a_client_waits_for_what_it_sends() -> None:
    with TestService() as service:
        with Reverie(service.url) as memory:
            copied = memory.local(refresh=3600)
            memory.send(tensors())

        assert sum(map(len, service.images.values())) == 6
        assert copied._stop.is_set()
        assert memory.status() == {"samples": 6}


def test_an_error_of_the_source_or_of_the_service_is_raised_at_the_end() -> None:
    def broken() -> Iterator[tuple[np.ndarray, int]]:
        yield IMAGES[0], 3
        raise RuntimeError("the disk is gone")

    with TestService() as service:
        memory = Reverie(service.url)
        with pytest.raises(RuntimeError, match="the disk is gone"):
            memory.send(broken()).wait()
        with pytest.raises(ValueError, match="values from 0 to 300"):
            memory.send([(np.array([[[0.0, 300.0]]]), 3)]).wait()
        service.failures.append((409, "class-sealed", None))
        with pytest.raises(Problem, match="because class-sealed"):
            memory.send(tensors()).wait()


def test_a_refusal_ends_neither_a_source_nor_the_batch_that_raises_it() -> None:
    with TestService() as service:
        service.sealed = {"0"}
        memory = Reverie(service.url)
        sender = Sender(memory.samples)
        sender.put(IMAGES[:1], [0])
        until(lambda: sender._failure is not None)
        with pytest.raises(Problem, match="class-sealed"):
            sender.put(IMAGES[1:3], [5, 6])
        sender.put(IMAGES[3:4], [7])
        sender.flush()
        assert list(service.images) == ["5", "6", "7"]

        sending: list[Sending] = []

        def source() -> Iterator[tuple[np.ndarray, list[int]]]:
            yield IMAGES[:1], [0]
            until(lambda: bool(sending) and sending[0]._sender._failure is not None)
            yield from ((IMAGES[i : i + 1], [7]) for i in range(6))

        sending.append(memory.send(source()))
        with pytest.raises(Problem, match="class-sealed"):
            sending[0].wait()
        assert sending[0].is_settled and len(service.images["7"]) == 6


def test_images_that_are_stored_beside_refused_ones_are_counted_once() -> None:
    with TestService() as service:
        service.sealed = {"0"}
        sending = Reverie(service.url).send(zip(IMAGES, [3, 0, 3, 3, 7, 7]))
        with pytest.raises(Problem, match="class-sealed"):
            sending.wait()

        assert (sending.sent, sending._sender.accepted, sending._sender.duplicates) == (5, 5, 0)


def test_batches_of_which_some_are_stored_are_not_sent_again() -> None:
    slow = Slow()
    slow.failure = Problem(409, "/problems/class-sealed", "sealed", accepted=2, duplicates=1)
    sender = Sender(slow)
    sender.put(IMAGES[:1], LABELS[:1])
    assert slow.has_some.wait(60)
    for i in range(1, 5):
        sender.put(IMAGES[i : i + 1], [i - 1])
    slow.goes_on.set()

    with pytest.raises(Problem):
        sender.flush()
    assert (slow.sizes, sender.sent, sender.accepted, sender.duplicates) == ([1, 4], 4, 3, 1)


def test_batches_that_wait_fill_one_request_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reverie.sending.REQUEST_BYTES", 2 * IMAGES[0].nbytes)
    slow = Slow()
    sender = Sender(slow)
    sender.put(IMAGES[:1], LABELS[:1])
    assert slow.has_some.wait(60)
    for i in range(1, 6):
        sender.put(IMAGES[i : i + 1], LABELS[i : i + 1])
    slow.goes_on.set()
    sender.flush()

    assert slow.sizes == [1, 2, 2, 1]


class Slow:
    """A service that waits until it is told to go on."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.goes_on, self.has_some = threading.Event(), threading.Event()
        self.failure: Exception | None = None

    def __call__(self, images: np.ndarray, labels: np.ndarray) -> tuple[int, int]:
        self.sizes.append(len(images))
        self.has_some.set()
        assert self.goes_on.wait(60)
        if self.failure is not None and 0 in labels:
            raise self.failure
        return len(images), 0


def test_small_batches_that_wait_are_sent_together_and_may_be_changed_at_once() -> None:
    slow, sent = Slow(), IMAGES.copy()
    sender = Sender(slow)
    sender.put(sent[:1], LABELS[:1])
    assert slow.has_some.wait(60)
    for i in range(1, 6):
        sender.put(sent[i : i + 1], LABELS[i : i + 1])
    sent[:] = 0
    slow.goes_on.set()
    sender.flush()

    assert slow.sizes == [1, 5] and sender.accepted == 6


def test_images_of_8_and_of_16_bits_that_wait_are_not_sent_together() -> None:
    slow = Slow()
    sender = Sender(slow)
    sender.put(IMAGES[:1], LABELS[:1])
    assert slow.has_some.wait(60)
    sender.put(IMAGES[1:2], LABELS[1:2])
    sender.put(IMAGES[2:4].astype(np.uint16) * 257, LABELS[2:4])
    slow.goes_on.set()
    sender.flush()

    assert slow.sizes == [1, 1, 2]


@pytest.mark.parametrize(
    ("failure", "requests"),
    [(Problem(409, "/problems/class-sealed", "sealed"), [1, 3, 1, 2, 1]), (ConnectionError("gone"), [1, 3])],
)
def test_a_refusal_concerns_its_images_only_but_nothing_waits_for_a_service_that_is_gone(
    failure: Exception, requests: list[int]
) -> None:
    slow = Slow()
    slow.failure = failure
    sender = Sender(slow)
    sender.put(IMAGES[:1], LABELS[:1])
    assert slow.has_some.wait(60)
    for images, labels in ((IMAGES[1:2], [0]), (IMAGES[2:4], LABELS[2:4]), (np.zeros((1, 1, 4, 4)), [3])):
        sender.put(images, labels)
    slow.goes_on.set()

    with pytest.raises(type(failure)):
        sender.flush()
    sender.flush()
    assert slow.sizes == requests
    assert sender.sent == (4 if isinstance(failure, Problem) else 1)


def test_who_sends_waits_while_too_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reverie.sending._WAITING_BYTES", IMAGES[0].nbytes)
    slow, done = Slow(), threading.Event()
    sender = Sender(slow)
    sender.put(IMAGES[:1], LABELS[:1])

    waiting = threading.Thread(target=lambda: (sender.put(IMAGES[1:2], LABELS[1:2]), done.set()))
    waiting.start()
    assert slow.has_some.wait(60) and not done.is_set()
    slow.goes_on.set()

    assert done.wait(60)
    sender.flush()
    assert slow.sizes == [1, 1]


def test_a_sender_goes_on_after_a_fork_and_a_copy() -> None:
    with TestService() as service:
        sender = Sender(Reverie(service.url).samples)
        sender.put(IMAGES[:2], LABELS[:2])
        sender.flush()
        child = multiprocessing.get_context("fork").Process(target=_put, args=(sender, IMAGES[2:4], LABELS[2:4]))
        child.start()
        child.join(60)
        _put(pickle.loads(pickle.dumps(sender)), IMAGES[4:5], LABELS[4:5])
        _put(copy.deepcopy(sender), IMAGES[5:], LABELS[5:])

        assert (child.exitcode, service.sizes) == (0, [2, 2, 1, 1])


def _put(sender: Sender, images: np.ndarray, labels: list[int]) -> None:
    sender.put(images, labels)
    sender.flush()


def test_objects_say_what_they_are() -> None:
    with TestService() as service:
        service.add(IMAGES, LABELS)
        memory = Reverie(service.url, token="secret")

        assert repr(memory) == f"Reverie('{service.url}')"
        assert re.fullmatch(rf"LocalMemory\('{service.url}': 6 images of 2 classes, 0 s old\)", repr(memory.local()))
        assert re.fullmatch(r"\d+\.\d+\.\d+.*", reverie.__version__)
