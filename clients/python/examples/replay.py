"""Continual learning with a replay memory: Fashion-MNIST in five tasks of two classes, one epoch.

The learner sees each image once, task after task. In each step, it trains on 64 new images and 64 of its memory. The example
compares a memory that a service learns with a reservoir sample of equal bytes, and with no memory:

    ./reverie fetch fashion-mnist
    ./reverie serve --store example-store              # in another terminal; the store must be empty
    venv/bin/python clients/python/examples/replay.py --runs 3
"""

from __future__ import annotations

import argparse
import gzip
import os
from pathlib import Path
from statistics import mean, pstdev

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from reverie import Reverie
from reverie.torch import ReplayLoader

BATCH = 64
CLASSES = 10
CLASSES_PER_TASK = 2
MEAN, STD = 0.286, 0.353  # of Fashion-MNIST

Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]


class Memory:
    """What the learner keeps of earlier images: nothing, unless a subclass does."""

    def add(self, images: Pixels, labels: Labels) -> None:
        """Called with each batch of new images."""

    def batch(self) -> list[tuple[Tensor, Tensor]]:
        """Returns one batch of normalised images with their labels, or nothing."""
        return []

    def end_task(self, classes: list[int]) -> None:
        """Called after the last batch of some classes."""

    def stored(self) -> Pixels:
        """Returns the images that the memory stores."""
        return np.zeros(0, dtype=np.uint8)


class Reservoir(Memory):
    """A uniform sample of all images so far."""

    def __init__(self, capacity: int, seed: int) -> None:
        self._capacity, self._seen, self._random = capacity, 0, np.random.default_rng(seed)
        self._images: list[Pixels] = []
        self._labels: list[int] = []

    def add(self, images: Pixels, labels: Labels) -> None:
        for image, label in zip(images, labels.tolist()):
            self._seen += 1
            if len(self._images) < self._capacity:
                self._images.append(image)
                self._labels.append(label)
            elif (place := int(self._random.integers(self._seen))) < self._capacity:
                self._images[place], self._labels[place] = image, label

    def batch(self) -> list[tuple[Tensor, Tensor]]:
        if not self._images:
            return []
        chosen = self._random.permutation(len(self._images))[:BATCH]
        return [(normalised(np.stack(self._images)[chosen]), torch.tensor(self._labels)[chosen])]

    def stored(self) -> Pixels:
        return np.stack(self._images)


class Learned(Memory):
    """The memory of a service, which learns beside the learner, and for up to `patience` seconds after each task."""

    def __init__(self, url: str, patience: float, seed: int) -> None:
        self._service, self._patience = Reverie(url), patience
        self._service.wait_ready()
        if self._service.classes():
            raise SystemExit(f"the service at {url} has classes already: start one with an empty store")
        self._copy = self._service.local(refresh=1)
        self._batches = iter(ReplayLoader(self._copy, BATCH, target=int, seed=seed, normalise=([MEAN], [STD])))

    def add(self, images: Pixels, labels: Labels) -> None:
        self._service.samples(images, labels)

    def batch(self) -> list[tuple[Tensor, Tensor]]:
        return [next(self._batches)] if len(self._copy) else []

    def end_task(self, classes: list[int]) -> None:
        for label in classes:
            try:
                self._service.wait(label, "converged", timeout=self._patience)
            except TimeoutError:
                pass  # what the class has learned by now is good enough
        self._copy.refresh()

    def stored(self) -> Pixels:
        return self._service.memory("uint8")["parameters"]

    def forget(self) -> None:
        self._copy.close()
        for label in range(CLASSES):
            self._service.forget(label)


def normalised(images: Pixels) -> Tensor:
    return (torch.from_numpy(images).float() / 255 - MEAN) / STD


def network() -> nn.Module:
    def block(inputs: int) -> list[nn.Module]:
        return [nn.Conv2d(inputs, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)]

    return nn.Sequential(*block(1), *block(32), nn.Flatten(), nn.Linear(32 * 7 * 7, CLASSES))


def accuracy_after(train: tuple[Pixels, Labels], test: tuple[Pixels, Labels], memory: Memory, seed: int) -> float:
    """Learns all tasks, and returns the percentage of test images of all classes that are then classified correctly."""
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    learner = network()
    optimiser = torch.optim.SGD(learner.parameters(), lr=0.03)
    for first in range(0, CLASSES, CLASSES_PER_TASK):
        task = list(range(first, first + CLASSES_PER_TASK))
        stream = order.permutation(np.flatnonzero(np.isin(train[1], task)))
        for start in range(0, len(stream), BATCH):
            chosen = stream[start : start + BATCH]
            images, labels = train[0][chosen], train[1][chosen]
            batches = [(normalised(images), torch.from_numpy(labels)), *memory.batch()]
            optimiser.zero_grad()
            outputs = learner(torch.cat([each for each, _ in batches]))
            nn.functional.cross_entropy(outputs, torch.cat([each for _, each in batches])).backward()
            optimiser.step()
            memory.add(images, labels)
        memory.end_task(task)
    learner.eval()
    with torch.no_grad():
        found = torch.cat([learner(normalised(part)).argmax(1) for part in np.array_split(test[0], 20)])
    return 100 * float((found.numpy() == test[1]).mean())


def fashion_mnist(part: str, limit: int | None) -> tuple[Pixels, Labels]:
    """Reads images [n, 1, 28, 28] and labels from the folder into which `./reverie fetch fashion-mnist` writes."""
    root = Path(os.environ.get("REVERIE_DATA") or Path.home() / ".cache" / "reverie") / "fashion-mnist"

    def content(name: str, header: int) -> Pixels:
        for file in (root / name, root / f"{name}.gz"):
            if file.exists():
                data = file.read_bytes()
                unpacked = gzip.decompress(data) if file.suffix == ".gz" else data
                return np.frombuffer(unpacked, dtype=np.uint8, offset=header)
        raise SystemExit(f"{root / name} does not exist: run ./reverie fetch fashion-mnist")

    images = content(f"{part}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
    labels = content(f"{part}-labels-idx1-ubyte", 8).astype(np.int64)
    kept = np.concatenate([np.flatnonzero(labels == label)[:limit] for label in range(CLASSES)])
    return images[kept], labels[kept]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Compare replay memories on Fashion-MNIST.")
    parser.add_argument("--to", default="http://127.0.0.1:8080", help="address of the service (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=1, help="number of runs for each memory (default: %(default)s)")
    parser.add_argument("--limit", type=int, help="number of training and of test images per class (default: all)")
    parser.add_argument("--patience", type=float, default=20, help="seconds to wait for a class (default: %(default)s)")
    options = parser.parse_args(arguments)
    train, test = fashion_mnist("train", options.limit), fashion_mnist("t10k", options.limit)

    rows: dict[str, tuple[Pixels, list[float]]] = {}
    for seed in range(options.runs):
        learned = Learned(options.to, options.patience, seed)
        memories: dict[str, Memory] = {"Reverie": learned, "none": Memory()}
        for name in ("Reverie", "reservoir", "none"):
            accuracy = accuracy_after(train, test, memories[name], seed)
            rows.setdefault(name, (memories[name].stored(), []))[1].append(accuracy)
            if name == "Reverie":
                learned.forget()
                memories["reservoir"] = Reservoir(len(rows[name][0]), seed)

    print(f"{'memory':<11}{'images':>8}{'bytes':>9}  accuracy (%)")
    for name, (stored, accuracies) in reversed(rows.items()):
        print(f"{name:<11}{len(stored):>8}{stored.nbytes:>9,}  {mean(accuracies):.1f} ± {pstdev(accuracies):.1f}")


if __name__ == "__main__":
    main()
