"""A copy of the memory in this process."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import threading
from collections import Counter
from typing import Any

import numpy as np
import pytest

from reverie import LocalMemory, Problem, Reverie, local
from service import Contract, TestService, ended, pictures, until

NEVER = 3600.0  # seconds between two looks at the service, in tests that look themselves


def test_batches_are_drawn_without_requests(service: TestService) -> None:
    service.add(pictures(6), [3, 3, 3, 7, 7, 7])
    with Reverie(service.url).local(NEVER) as memory:
        service.requests.clear()
        for _ in range(10):
            images, labels, names = memory.sample(64)

    assert (images.dtype, images.shape, labels.shape) == (np.float32, (64, 1, 8, 8), (64,))
    assert service.requests == []
    assert {names[number] for number in labels.tolist()} == {"3", "7"}


def test_a_seed_may_be_an_integer_of_numpy(service: TestService) -> None:
    service.add(pictures(4), [3, 3, 7, 7])
    with Reverie(service.url).local(NEVER) as memory:
        assert np.array_equal(memory.sample(8, seed=np.int64(3))[0], memory.sample(8, seed=3)[0])  # type: ignore[arg-type]


def test_a_single_class_need_not_be_in_a_list(service: TestService) -> None:
    service.add(pictures(3), [1, 0, 10])
    with Reverie(service.url).local(NEVER) as memory:
        for classes in ("10", 10):
            _, labels, names = memory.sample(4, classes=classes)
            assert {names[number] for number in labels.tolist()} == {"10"}


def test_a_class_is_found_by_its_decomposed_label(service: TestService) -> None:
    service.add(pictures(2), ["Caf\u00e9", "tea"])
    with Reverie(service.url).local(NEVER) as memory:
        _, labels, names = memory.sample(4, classes=["Cafe\u0301"])

    assert {names[number] for number in labels.tolist()} == {"Caf\u00e9"}


def test_a_batch_is_like_one_of_the_service() -> None:
    with TestService(Contract.BYTES) as service:
        sent = pictures(4)
        service.add(sent, [7, 7, 3, 3])
        with Reverie(service.url).local(NEVER) as memory:
            images, labels, names = memory.sample(20, dtype="uint8")

    assert names == {7: "7", 3: "3"}
    assert images.dtype == np.uint8
    for image, label in zip(images, labels):
        assert any(np.array_equal(image, each) for each in (sent[:2] if label == 7 else sent[2:]))


def test_a_batch_is_balanced_and_repeats_no_image_before_all_of_its_class(service: TestService) -> None:
    service.add(pictures(3 + 5 + 4), ["a"] * 3 + ["b"] * 5 + ["c"] * 4)
    with Reverie(service.url).local(NEVER) as memory:
        images, labels, _ = memory.sample(20, dtype="uint8")

    assert sorted(Counter(labels.tolist()).values()) == [6, 7, 7]
    for label in range(3):
        repeats = Counter(image.tobytes() for image in images[labels == label])
        assert max(repeats.values()) - min(repeats.values()) <= 1


def test_a_batch_of_fewer_images_than_classes_has_different_classes(service: TestService) -> None:
    service.add(pictures(5), list("abcde"))
    with Reverie(service.url).local(NEVER) as memory:
        assert all(len(set(memory.sample(3)[1].tolist())) == 3 for _ in range(10))
        assert len({tuple(memory.sample(3)[1].tolist()) for _ in range(50)}) > 10


def test_equal_seeds_draw_equal_batches(service: TestService) -> None:
    service.add(pictures(40), [1, 2] * 20)
    with Reverie(service.url).local(NEVER) as memory:
        first, again, other = memory.sample(8, seed=-1), memory.sample(8, seed=-1), memory.sample(8, seed=2)

    assert np.array_equal(first[0], again[0])
    assert not np.array_equal(first[0], other[0])


def test_a_batch_can_be_drawn_from_some_classes(service: TestService) -> None:
    service.add(pictures(3), [7, 3, 5])
    with Reverie(service.url).local(NEVER) as memory:
        _, labels, names = memory.sample(4, classes=[3, "5", 3])
        with pytest.raises(Problem, match="'9'"):
            memory.sample(4, classes=[9])
        with pytest.raises(ValueError, match="empty"):
            memory.sample(0)
        with pytest.raises(ValueError, match="empty"):
            memory.sample(4, classes=[])

    assert sorted(names[number] for number in labels.tolist()) == ["3", "3", "5", "5"]


def test_batches_are_drawn_from_the_decoded_images(mosaics: TestService) -> None:
    mosaics.add(pictures(5, channels=3), [7, 7, 7, 3, 3])
    whole = Reverie(mosaics.url).memory("uint8")
    with Reverie(mosaics.url).local(NEVER) as memory:
        images, labels, names = memory.sample(8, dtype="uint8", classes=[3])

        assert len(memory) == 20
        assert np.array_equal(memory.all("uint8")[0], whole["images"])

    assert {names[number] for number in labels.tolist()} == {"3"}
    assert {image.tobytes() for image in images} == {image.tobytes() for image in whole["images"][12:]}


def test_a_copy_keeps_no_stored_images(mosaics: TestService) -> None:
    mosaics.add(pictures(20, channels=3, side=32), [7] * 20)
    with Reverie(mosaics.url).local(NEVER) as memory:
        assert len(pickle.dumps(memory)) < 1.1 * memory._living().snapshot.images.nbytes


def test_an_empty_memory_has_no_batch(service: TestService) -> None:
    with Reverie(service.url).local(NEVER) as memory:
        assert len(memory) == 0
        with pytest.raises(Problem, match="send samples first"):
            memory.sample(1)

        service.add(pictures(1), [7])
        memory.refresh()
        assert len(memory) == 1

        Reverie(service.url).forget(7)
        memory.refresh()
        assert len(memory) == 0


def test_a_memory_that_has_not_changed_is_not_fetched_again(service: TestService) -> None:
    service.add(pictures(1), [7])
    with Reverie(service.url).local(NEVER) as memory:
        memory.refresh()
        service.add(pictures(1, seed=1), [7])
        memory.refresh()

    assert service.statuses[-3:] == [200, 304, 200]


def test_an_older_answer_does_not_replace_a_newer_one(service: TestService, monkeypatch: pytest.MonkeyPatch) -> None:
    service.add(pictures(1), [7])
    with Reverie(service.url).local(NEVER) as memory:
        fetched, changed = threading.Event(), threading.Event()
        real = local.fetch

        def slow(*arguments: Any) -> Any:
            snapshot = real(*arguments)
            fetched.set()
            assert changed.wait(60)
            return snapshot

        service.add(pictures(1, seed=1), [7])
        monkeypatch.setattr(local, "fetch", slow)
        first = threading.Thread(target=memory.refresh)
        first.start()
        assert fetched.wait(60)
        service.add(pictures(1, seed=2), [7])
        monkeypatch.setattr(local, "fetch", real)
        second = threading.Thread(target=memory.refresh)
        second.start()
        second.join(0.2)
        changed.set()
        ended(first)
        ended(second)

        assert len(memory) == 3


def test_a_child_process_refreshes_even_if_its_parent_did_at_the_fork(service: TestService) -> None:
    service.add(pictures(1), [7])
    with Reverie(service.url).local(NEVER) as memory:
        global _inherited
        _inherited = memory
        service.add(pictures(1, seed=1), [7])
        with memory._lock, multiprocessing.get_context("fork").Pool(1) as workers:
            assert workers.apply_async(_refreshed).get(60) == 2


def _refreshed() -> int:
    _inherited.refresh()
    return len(_inherited)


def test_the_copy_follows_the_service_in_the_background(service: TestService) -> None:
    service.add(pictures(1), [7])
    with Reverie(service.url).local(refresh=0.01) as memory:
        service.add(pictures(1, seed=1), [7])
        until(lambda: len(memory) == 2)


def test_the_copy_stays_while_the_service_is_away(service: TestService) -> None:
    service.add(pictures(2), [3, 7])
    with Reverie(service.url, patience=0).local(NEVER) as memory:
        service.stop()
        before = memory.age
        with pytest.raises(ConnectionError):
            memory.refresh()

        assert len(memory.sample(4)[1]) == 4
        assert memory.age >= before
        service.restart()
        waited = memory.age
        memory.refresh()
        assert memory.age < waited


def test_a_service_that_is_away_is_logged_once(service: TestService, caplog: pytest.LogCaptureFixture) -> None:
    service.add(pictures(2), [3, 7])
    with Reverie(service.url, patience=0).local(refresh=0.01) as memory:
        service.stop()
        until(lambda: "keeps its copy" in caplog.text)
        service.restart()
        service.add(pictures(1, seed=1), [3])
        until(lambda: len(memory) == 3)

    assert caplog.text.count("keeps its copy") == 1


def test_a_closed_copy_can_be_used_and_has_no_thread(service: TestService) -> None:
    service.add(pictures(2), [3, 7])
    with Reverie(service.url).local(refresh=0.01) as memory:
        thread = memory._thread
    ended(thread)

    assert len(memory.sample(2)[1]) == 2


def test_a_copy_that_nobody_uses_ends_its_thread(service: TestService) -> None:
    memory = Reverie(service.url).local(refresh=0.01)
    thread = memory._thread
    del memory
    gc.collect()

    ended(thread)


def test_each_process_draws_its_own_batches_and_follows_the_service(service: TestService) -> None:
    service.add(pictures(100), [1] * 100)
    with Reverie(service.url).local(refresh=0.05) as memory:
        global _inherited
        _inherited = memory
        with multiprocessing.get_context("fork").Pool(2) as workers:
            batches = workers.map(_labels_and_images, range(2), chunksize=1)
            service.add(pictures(1, seed=1), [1])
            workers.map(_wait_for, [101] * 2, chunksize=1)

    assert batches[0] != batches[1]


_inherited: LocalMemory


def _labels_and_images(_: int) -> Any:
    return _inherited.sample(50, dtype="uint8")[0].tobytes()


def _wait_for(images: int) -> None:
    until(lambda: len(_inherited.all()[1]) == images)


def test_a_copy_can_be_pickled_and_then_follows_the_service(service: TestService) -> None:
    service.add(pictures(1), [7])
    with Reverie(service.url).local(refresh=0.01) as memory:
        with pickle.loads(pickle.dumps(memory)) as other:
            service.add(pictures(1, seed=1), [7])
            until(lambda: len(other) == 2)


def test_the_normalisation_is_that_of_the_real_images(service: TestService) -> None:
    service.add(pictures(1, channels=3), [7])
    with Reverie(service.url).local(NEVER) as memory:
        mean, std = memory.normalisation

    assert (mean.tolist(), std.tolist()) == ([0.5] * 3, [0.25] * 3)
