"""What the calls of a client send and return, for services of both contracts."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest

from reverie import Problem, Reverie, load
from reverie.snapshot import Snapshot, integer_labels
from service import Contract, TestService, pictures


def test_sent_images_are_counted_once(service: TestService) -> None:
    memory = Reverie(service.url)
    images = pictures(6)

    assert memory.samples(images, [3, 3, 3, 7, 7, 7]) == (6, 0)
    assert memory.samples(images[:2], ["3", "3"]) == (0, 2)
    assert memory.status() == {"samples": 6}
    assert [each["label"] for each in memory.classes()] == ["3", "7"]


def test_images_are_sent_in_requests_of_limited_size(service: TestService) -> None:
    Reverie(service.url).samples(pictures(5), [1] * 5, batch=2)

    assert service.requests == ["POST /v1/samples"] * 3


@pytest.mark.parametrize("shape", [(3, 1201, 1200), (1201, 1200, 3), (2100, 2000)])
def test_a_large_image_is_sent_as_a_picture(service: TestService, shape: tuple[int, ...]) -> None:
    pytest.importorskip("PIL")
    image = np.zeros(shape, np.uint8)
    image[-1] = 7

    assert Reverie(service.url).samples(image[None], ["T-shirt/top"], ids=["a&b"]) == (1, 0)

    first = {3: image if shape[0] == 3 else np.moveaxis(image, -1, 0), 2: image[None]}[image.ndim]
    assert np.array_equal(service.images["T-shirt/top"][0], first)


def test_images_without_a_label_each_are_refused(service: TestService) -> None:
    with pytest.raises(ValueError, match="one label per image"):
        Reverie(service.url).samples(pictures(2), [1])


def test_images_without_pixels_are_refused(service: TestService) -> None:
    with pytest.raises(ValueError, match=r"images of the shape \(1, 0, 8\) have no pixels"):
        Reverie(service.url).samples(np.zeros((2, 1, 0, 8), np.uint8), [1, 2])

    assert Reverie(service.url).samples(np.zeros((0, 1, 8, 8), np.uint8), np.zeros(0, int)) == (0, 0)


@pytest.mark.parametrize("label", [0.5, float("nan"), float("inf"), True, None])
def test_labels_that_are_neither_integers_nor_strings_are_refused(service: TestService, label: object) -> None:
    with pytest.raises(ValueError, match="integers or strings"):
        Reverie(service.url).samples(pictures(1), np.array([label]))


@pytest.mark.parametrize("labels", [["cat", float("nan")], [True, "a"], (b"a", np.float32(1.5)), ["a", None]])
def test_labels_among_strings_are_strings_or_integers(labels: Any) -> None:
    memory = Reverie("http://127.0.0.1:1")
    for call in (memory.samples, memory.pictures):
        with pytest.raises(ValueError, match="integers or strings"):
            call(pictures(2), labels)


@pytest.mark.parametrize("labels", [np.eye(2, dtype=int), np.eye(3, dtype=int)[:2]])
def test_one_hot_vectors_are_no_labels(labels: Any) -> None:
    with pytest.raises(ValueError, match="take argmax"):
        Reverie("http://127.0.0.1:1").pictures([b"", b""], labels)


@pytest.mark.parametrize("label", [[3, 4], ["a", "b"], []])
def test_a_call_for_one_class_refuses_several(label: Any) -> None:
    memory = Reverie("http://127.0.0.1:1")
    for call in (memory.forget, memory.seal, lambda label: memory.merge("a", into=label)):
        with pytest.raises(ValueError, match="expected a single label"):
            call(label)


@pytest.mark.parametrize("shape", [(4, 1201, 1200), (1201, 1200, 4), (2401, 1200, 2)])
def test_a_large_image_has_one_channel_or_three(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=rf"one channel or three, unlike one of the shape \({shape[0]}"):
        Reverie("http://127.0.0.1:1").samples(np.zeros((1, *shape), np.uint8), [1])


@pytest.mark.parametrize(
    ("labels", "names"), [([[3], [7]], ["3", "7"]), ([b"Caf\xc3\xa9", b"tea"], ["Caf\u00e9", "tea"])], ids=["a column", "bytes"]
)
def test_labels_may_be_a_column_or_bytes(service: TestService, labels: list[object], names: list[str]) -> None:
    assert Reverie(service.url).samples(pictures(2), np.array(labels)) == (2, 0)

    assert list(service.images) == names


def test_integers_that_do_not_fit_are_refused(service: TestService) -> None:
    with pytest.raises(ValueError, match="below 2"):
        Reverie(service.url).samples(pictures(1), np.array([2**63], np.uint64))


def test_a_batch_is_float32_by_default_and_uint8_on_request(service: TestService) -> None:
    service.add(pictures(4), [3, 3, 7, 7])
    memory = Reverie(service.url)

    floats, _, _ = memory.sample(8, seed=1)
    levels, _, _ = memory.sample(8, seed=1, dtype="uint8")

    assert floats.dtype == np.float32 and levels.dtype == np.uint8
    assert floats.shape == (8, 1, 8, 8)
    assert np.array_equal(floats, levels / np.float32(255))


def test_a_dtype_may_be_that_of_a_library(service: TestService) -> None:
    torch = pytest.importorskip("torch")
    service.add(pictures(1), [3])
    memory = Reverie(service.url)

    for dtype in (np.float32, np.dtype("float32"), torch.float32, np.uint8, torch.uint8):
        assert memory.sample(1, dtype=dtype)[0].dtype.name in str(dtype)
    with pytest.raises(ValueError, match="float64.* is unknown: use 'float32' or 'uint8'"):
        memory.sample(1, dtype=torch.float64)


def test_an_unknown_dtype_is_refused(service: TestService) -> None:
    service.add(pictures(1), [3])
    with pytest.raises(ValueError, match="float64"):
        Reverie(service.url).sample(1, dtype="float64")  # type: ignore[arg-type]


def test_who_sends_integers_gets_these_integers_back() -> None:
    with TestService(Contract.BYTES) as service:
        images = pictures(2)
        service.add(images, [7, 3])

        batch, labels, names = Reverie(service.url).sample(10, dtype="uint8")

        assert names == {7: "7", 3: "3"}
        assert sorted(labels.tolist()) == [3] * 5 + [7] * 5
        assert all(np.array_equal(batch[i], images[0 if labels[i] == 7 else 1]) for i in range(10))


def test_who_sends_strings_gets_class_indices_and_their_names(service: TestService) -> None:
    service.add(pictures(2), ["shoe", "bag"])

    _, labels, names = Reverie(service.url).sample(4)

    assert names == {0: "shoe", 1: "bag"}
    assert sorted(labels.tolist()) == [0, 0, 1, 1]


def test_labels_that_are_written_as_integers_can_be_read_as_integers(service: TestService) -> None:
    service.add(pictures(2), [7, 3])

    assert sorted(integer_labels(Reverie(service.url).sample(2)).tolist()) == [3, 7]


def test_other_labels_cannot_be_read_as_integers(service: TestService) -> None:
    service.add(pictures(2), ["7", "bag"])

    with pytest.raises(ValueError, match="bag"):
        integer_labels(Reverie(service.url).sample(2))


def test_a_batch_can_be_drawn_from_some_classes(service: TestService) -> None:
    service.add(pictures(3), [7, 3, 5])

    _, labels, names = Reverie(service.url).sample(4, classes=[3, 5])

    assert {names[number] for number in labels.tolist()} == {"3", "5"}


@pytest.mark.parametrize("classes", ["10", b"10", 10, np.array(10), np.int64(10), ["10"], {10}, iter([10])])
def test_a_single_class_need_not_be_in_a_list(classes: Any) -> None:
    with TestService() as service:
        service.add(pictures(3), [1, 0, 10])

        assert set(Reverie(service.url).sample(4, classes=classes)[1].tolist()) == {10}


def test_any_text_can_be_a_label_in_a_path_or_a_list(service: TestService) -> None:
    awkward = ["tench, Tinca tinca", '"a", b', "dog's", "T-shirt/top", "50%", ".."]
    service.add(pictures(len(awkward)), awkward)
    memory = Reverie(service.url)

    _, labels, names = memory.sample(2, classes=awkward[:2])
    memory.forget("T-shirt/top")
    memory.forget("..")

    assert {names[number] for number in labels.tolist()} == set(awkward[:2])
    assert service.requests[-2:] == ["DELETE /v1/classes/T-shirt%2Ftop", "DELETE /v1/classes/%20.."]


def test_the_memory_has_all_arrays_with_the_labels_of_a_batch(service: TestService) -> None:
    service.add(pictures(4), [7, 7, 3, 3])
    memory = Reverie(service.url)

    arrays = memory.memory()
    _, _, names = memory.sample(1)

    assert arrays["images"].dtype == arrays["parameters"].dtype == np.float32
    assert [names[number] for number in arrays["labels"].tolist()] == ["7", "7", "3", "3"]
    assert np.array_equal(arrays["labels"], arrays["parameter_labels"])
    assert memory.memory("uint8")["images"].dtype == np.uint8
    with pytest.raises(ValueError, match="read-only"):
        arrays["labels"][0] = 1


def test_the_memory_has_stored_images_and_those_to_which_they_decode(mosaics: TestService) -> None:
    mosaics.add(pictures(3, channels=3), [7, 7, 3])

    arrays = Reverie(mosaics.url).memory("uint8")

    assert (len(arrays["images"]), len(arrays["labels"])) == (12, 12)
    assert np.array_equal(arrays["parameters"], pictures(3, channels=3))
    assert len(arrays["parameter_labels"]) == 3


@pytest.mark.parametrize(
    ("array", "value", "message"),
    [
        ("class_index", [1, 1], "two of its classes have the same index"),
        ("label_values", [7, 7], "two of its classes have the same label value"),
        ("label_values", [7], "its classes, names and label values differ in number"),
        ("labels", [0, 5], "it has images of an unknown class"),
    ],
)
def test_a_memory_whose_classes_contradict_each_other_is_refused(
    service: TestService, array: str, value: list[int], message: str
) -> None:
    service.add(pictures(2), [7, 3])
    damaged = io.BytesIO()
    with np.load(io.BytesIO(service.memory())) as arrays:
        np.savez(damaged, **{**arrays, array: np.array(value)})

    with pytest.raises(ValueError, match=f"the memory is damaged, as {message}: fetch it again"):
        Snapshot.of(damaged.getvalue())


@pytest.mark.parametrize("size", [0, 20, 700])
def test_a_memory_that_is_cut_is_refused(service: TestService, size: int) -> None:
    service.add(pictures(2), [7, 3])

    with pytest.raises(ValueError, match="the memory is damaged, as it is not an NPZ file .*: fetch it again"):
        Snapshot.of(service.memory()[:size])


@pytest.mark.parametrize(("field", "value"), [(8, 99), (6, 1)], ids=["another compression", "encrypted"])
def test_a_saved_memory_that_cannot_be_unpacked_is_refused(tmp_path: Any, field: int, value: int) -> None:
    with TestService() as service:
        service.add(pictures(2), [7, 3])
        damaged = bytearray(service.memory())
    for mark, offset in ((b"PK\3\4", field), (b"PK\1\2", field + 2)):
        struct.pack_into("<H", damaged, damaged.index(mark) + offset, value)
    (tmp_path / "memory.npz").write_bytes(damaged)

    with pytest.raises(ValueError, match="the memory is damaged, as it is not an NPZ file"):
        load(tmp_path / "memory.npz")


def test_a_memory_of_one_array_is_refused() -> None:
    array = io.BytesIO()
    np.save(array, np.zeros(3))

    with pytest.raises(ValueError, match="the memory is damaged, as it is not an NPZ file"):
        Snapshot.of(array.getvalue())


def test_a_memory_without_its_classes_is_refused(service: TestService) -> None:
    service.add(pictures(2), [7, 3])
    damaged = io.BytesIO()
    with np.load(io.BytesIO(service.memory())) as arrays:
        np.savez(damaged, images=arrays["images"], labels=arrays["labels"])

    with pytest.raises(ValueError, match="the memory is damaged, as it has no class_index, class_names: fetch it again"):
        Snapshot.of(damaged.getvalue())


def test_a_batch_of_no_classes_is_refused(service: TestService) -> None:
    service.add(pictures(2), [7, 3])

    with pytest.raises(ValueError, match="classes is empty: name one or more"):
        Reverie(service.url).sample(4, classes=[])


def test_the_memory_is_fetched_again_only_if_it_has_changed(service: TestService) -> None:
    service.add(pictures(1), [7])
    memory = Reverie(service.url)
    first = memory.memory("uint8")
    again = memory.memory("uint8")
    service.add(pictures(1, seed=1), [7])

    assert again["labels"] is first["labels"]
    assert len(memory.memory()["images"]) == 2


def test_classes_are_sealed_and_forgotten_by_label(service: TestService) -> None:
    service.add(pictures(2), ["ankle boot", "a/b"])
    memory = Reverie(service.url)

    memory.seal("ankle boot")
    memory.seal("ankle boot", when="converged")
    memory.cancel_seal("ankle boot")
    memory.forget("ankle boot")
    memory.forget("ankle boot")

    path = "/v1/classes/ankle%20boot"
    assert service.requests == [
        f"POST {path}/seal",
        f"POST {path}/seal?when=converged",
        f"DELETE {path}/seal",
        f"DELETE {path}",
        f"DELETE {path}",
    ]


def test_a_class_has_the_name_that_it_was_given_until_the_name_is_removed(service: TestService) -> None:
    service.add(pictures(1), ["ankle boot"])
    memory = Reverie(service.url)

    assert memory.rename("ankle boot", "Höhle")["name"] == "Höhle"
    assert [(each["label"], each["name"]) for each in memory.classes()] == [("ankle boot", "Höhle")]
    assert memory.rename("ankle boot", None)["name"] is None


def test_a_merged_class_is_gone_and_the_other_one_has_its_images(service: TestService) -> None:
    service.add(pictures(3), ["puppy", "dog", "puppy"])
    memory = Reverie(service.url)

    assert memory.merge("puppy", into="dog") == (2, 0)
    assert [each["label"] for each in memory.classes()] == ["dog"]


def test_waiting_for_a_phase_ends_in_this_phase_or_a_later_one(service: TestService) -> None:
    service.add(pictures(1), ["bag"])
    memory = Reverie(service.url)
    service.phase = "sealed"

    assert memory.wait("bag", "converged", timeout=0)["phase"] == "sealed"
    assert memory.wait("bag", "distilling", timeout=0)["phase"] == "sealed"


def test_waiting_for_a_phase_ends_after_the_timeout(service: TestService) -> None:
    service.add(pictures(1), ["bag"])
    memory = Reverie(service.url)

    with pytest.raises(TimeoutError, match="'bag' is distilling, and not converged"):
        memory.wait("bag", timeout=0)
    with pytest.raises(TimeoutError, match="'cat' does not exist"):
        memory.wait("cat", timeout=0)
    with pytest.raises(ValueError, match="learned"):
        memory.wait("bag", "learned")


def test_a_refused_request_raises_the_problem(service: TestService) -> None:
    with pytest.raises(Problem, match="because memory-empty") as raised:
        Reverie(service.url).sample(1)

    assert (raised.value.status, raised.value.type) == (404, "/problems/memory-empty")
