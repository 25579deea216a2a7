"""The client against a real, empty service . `PythonClientIT` starts one and sets its address."""

from __future__ import annotations

import numpy as np

from reverie import Reverie
from reverie.snapshot import Snapshot
from service import pictures


def test_images_become_a_memory(real_url: str) -> None:
    memory = Reverie(real_url)
    memory.wait_ready()
    images, labels = pictures(80, channels=3, side=15), [7, 3] * 40

    assert memory.samples(images, labels) == (80, 0)
    assert memory.samples(images, labels) == (0, 80)
    assert memory.wait(7, "collecting")["label"] == "7"
    assert {each["label"] for each in memory.classes()} == {"7", "3"}

    batch, numbers, names = memory.sample(64)
    assert (batch.shape, batch.dtype) == ((64, 3, 15, 15), np.float32)
    assert 0 <= batch.min() and batch.max() <= 1
    assert sorted(names[number] for number in numbers.tolist()) == ["3"] * 32 + ["7"] * 32
    assert memory.sample(4, dtype="uint8")[0].dtype == np.uint8

    with memory.local() as copy:
        drawn, numbers, same = copy.sample(64, classes=[3])
        assert same == names
        assert {names[number] for number in numbers.tolist()} == {"3"}
        assert drawn.shape == batch.shape

    assert {memory.seal(label)["phase"] for label in (7, 3)} == {"sealed"}
    coded = memory.memory("uint8")
    plain = Snapshot.of(memory._connection.send("GET", "/v1/memory").body).dictionary("uint8")
    assert int(plain["factor"]) == 2
    assert plain.keys() == coded.keys()
    assert all(np.array_equal(plain[name], coded[name]) for name in plain)

    for label in (7, 3):
        memory.forget(label)
    assert memory.status()["classes"] == 0
