"""Continual learning with a replay memory: Fashion-MNIST in five tasks of two classes, one epoch.

The learner sees each image once, task after task. In each step, it trains on 64 new images and 64 of its memory. New images
are only told apart from each other (ER-ACE, Caccia et al., ICLR 2022), so that they do not push earlier classes aside;
images of the memory are told apart from all classes. After the last task, it reviews its memory (the review trick of Mai
et al., Neurocomputing 2022): 500 steps on shifted and mirrored images of the memory alone. It is tested before and after.

The example compares a memory that a service learns with no memory, and with reservoir samples that take as many bytes. These
keep images as people store them: coded as JPEG or as WebP, whichever is smaller, at one of four qualities.

    ./reverie fetch fashion-mnist
    ./reverie serve --store example-store              # in another terminal; the store must be empty
    venv/bin/python clients/python/examples/replay.py --runs 3

`--data` reads another dataset of ten classes: an NPZ file with x_train, y_train, x_test and y_test, as Keras has them, or a
folder of photographs (ROOT/train/CLASS/* and ROOT/test/CLASS/*, or ROOT/CLASS/*). The example needs Pillow with WebP.
"""

from __future__ import annotations

import argparse
import gzip
import heapq
import io
import os
import sys
from pathlib import Path
from statistics import mean, pstdev

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor, nn
from torch.optim import Optimizer

from reverie import Reverie
from reverie.torch import ReplayLoader

BATCH = 64
CLASSES = 10
LEAST_OF_EACH_CLASS = 40
CLASSES_PER_TASK = 2
RATE = 0.03
QUALITIES = 90, 70, 50, 30
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
SIDE = 64

Pixels = NDArray[np.uint8]
Labels = NDArray[np.int64]
Part = tuple[Pixels, Labels]
Batch = tuple[Tensor, Tensor]
Accuracies = tuple[float, float]
Size = tuple[int, int]


class Normalisation:
    """The mean and the standard deviation of each channel."""

    def __init__(self, images: Pixels) -> None:
        scaled = images.astype(np.float32) / 255
        self.mean, self.std = scaled.mean((0, 2, 3)).tolist(), scaled.std((0, 2, 3)).tolist()

    def __call__(self, images: Pixels) -> Tensor:
        mean, std = (torch.tensor(each).view(1, -1, 1, 1) for each in (self.mean, self.std))
        return (torch.from_numpy(images).float() / 255 - mean) / std


class Memory:
    """What the learner keeps of earlier images: nothing, unless a subclass does."""

    def add(self, images: Pixels, labels: Labels) -> None:
        """Called with each batch of new images."""

    def batch(self) -> list[Batch]:
        """Returns one batch of normalised images with their labels, or nothing."""
        return []

    def end_task(self, classes: list[int]) -> None:
        """Called after the last batch of some classes."""

    def size(self) -> Size:
        """Returns how many images the memory stores, and in how many bytes."""
        return 0, 0


class Reservoir(Memory):
    """A uniform sample of all images so far: as many, each coded by itself, as fit into some bytes.

    It keeps the images with the lowest random ranks.
    """

    def __init__(self, capacity: int, quality: int, normalised: Normalisation, seed: int) -> None:
        self._capacity, self._quality, self._normalised = capacity, quality, normalised
        self._random = np.random.default_rng(seed)
        self._kept: list[tuple[float, int, int, Pixels]] = []  # a heap of minus the rank, bytes, label and decoded image
        self._bytes, self._highest = 0, 1.0

    def add(self, images: Pixels, labels: Labels) -> None:
        for image, label in zip(images, labels.tolist()):
            rank = float(self._random.random())
            if rank >= self._highest:
                continue
            size, decoded = coded(image, self._quality)
            heapq.heappush(self._kept, (-rank, size, label, decoded))
            self._bytes += size
            while self._bytes > self._capacity:
                highest, dropped, _, _ = heapq.heappop(self._kept)
                self._bytes, self._highest = self._bytes - dropped, -highest

    def batch(self) -> list[Batch]:
        if not self._kept:
            return []
        chosen = [self._kept[i] for i in self._random.permutation(len(self._kept))[:BATCH]]
        return [(self._normalised(np.stack([each[3] for each in chosen])), torch.tensor([each[2] for each in chosen]))]

    def size(self) -> Size:
        return len(self._kept), self._bytes


def coded(image: Pixels, quality: int) -> tuple[int, Pixels]:
    """Codes an image as JPEG and as WebP; returns the size of the smaller file in bytes, and the image decoded from it."""
    picture = Image.fromarray(image[0] if len(image) == 1 else image.transpose(1, 2, 0))
    files = []
    for format in ("JPEG", "WEBP"):
        file = io.BytesIO()
        picture.save(file, format, quality=quality, optimize=True)
        files.append(file)
    smaller = min(files, key=lambda file: len(file.getvalue()))
    with Image.open(smaller) as decoded:
        pixels = np.asarray(decoded.convert(picture.mode), dtype=np.uint8)
    return len(smaller.getvalue()), pixels.reshape(*image.shape[1:], -1).transpose(2, 0, 1)


class Learned(Memory):
    """The memory of a service, which learns beside the learner, and for up to `patience` seconds after each task."""

    def __init__(self, url: str, patience: float, normalised: Normalisation, seed: int) -> None:
        self._service, self._patience = Reverie(url), patience
        self._service.wait_ready()
        if self._service.classes():
            raise SystemExit(f"the service at {url} has classes already: start one with an empty store")
        self._copy = self._service.local(refresh=1)
        constants = (normalised.mean, normalised.std)
        self._batches = iter(ReplayLoader(self._copy, BATCH, target=int, seed=seed, normalise=constants))

    def add(self, images: Pixels, labels: Labels) -> None:
        self._service.samples(images, labels)

    def batch(self) -> list[Batch]:
        return [next(self._batches)] if len(self._copy) else []

    def end_task(self, classes: list[int]) -> None:
        for label in classes:
            try:
                self._service.wait(label, "converged", timeout=self._patience)
            except TimeoutError:
                pass  # what the class has learned by now is good enough
        self._copy.refresh()

    def size(self) -> Size:
        return len(self._service.memory("uint8")["parameters"]), len(self._service.zip())

    def forget(self) -> None:
        self._copy.close()
        for label in range(CLASSES):
            self._service.forget(label)


def network(channels: int, side: int) -> nn.Module:
    def block(inputs: int) -> list[nn.Module]:
        return [nn.Conv2d(inputs, 32, 3, padding=1), nn.InstanceNorm2d(32, affine=True), nn.ReLU(), nn.AvgPool2d(2)]

    layers = block(channels)
    while (side := side // 2) > 8:
        layers += block(32)
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(32 * side**2, CLASSES))


def step(learner: nn.Module, optimiser: Optimizer, new: Batch, replayed: list[Batch]) -> None:
    """Trains on a batch of new images and at most one of replayed images."""
    images, labels = (torch.cat(each) for each in zip(new, *replayed))
    outputs = learner(images)
    current = torch.zeros(CLASSES, dtype=torch.bool)
    current[new[1]] = True
    outputs[: len(new[1]), ~current] = -torch.inf
    optimiser.zero_grad()
    nn.functional.cross_entropy(outputs, labels).backward()
    optimiser.step()


def moved(images: Tensor) -> Tensor:
    """Shifts all images by the same up to two pixels, and mirrors them with a probability of one half."""
    side = images.shape[-1]
    down, right = torch.randint(0, 5, (2,)).tolist()
    shifted = nn.functional.pad(images, (2, 2, 2, 2), mode="replicate")[..., down : down + side, right : right + side]
    return shifted.flip(-1) if torch.rand(()) < 0.5 else shifted


def review(learner: nn.Module, memory: Memory, steps: int) -> None:
    """Trains on augmented images of the memory alone, at a rate that falls to zero."""
    optimiser = torch.optim.SGD(learner.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        for images, labels in memory.batch():
            optimiser.zero_grad()
            nn.functional.cross_entropy(learner(moved(images)), labels).backward()
            optimiser.step()
            schedule.step()


def accuracy(learner: nn.Module, test: Part, normalised: Normalisation) -> float:
    """Returns the percentage of test images that are classified correctly."""
    learner.eval()
    with torch.no_grad():
        found = torch.cat([learner(normalised(part)).argmax(1) for part in np.array_split(test[0], 20)])
    learner.train()
    return 100 * float((found.numpy() == test[1]).mean())


def accuracies(
    train: Part, test: Part, memory: Memory, normalised: Normalisation, seed: int, review_steps: int
) -> Accuracies:
    """Learns all tasks, and returns the accuracy on all classes after the review and before it."""
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    learner = network(train[0].shape[1], train[0].shape[2])
    optimiser = torch.optim.SGD(learner.parameters(), lr=RATE)
    for first in range(0, CLASSES, CLASSES_PER_TASK):
        task = list(range(first, first + CLASSES_PER_TASK))
        stream = order.permutation(np.flatnonzero(np.isin(train[1], task)))
        for start in range(0, len(stream), BATCH):
            chosen = stream[start : start + BATCH]
            images, labels = train[0][chosen], train[1][chosen]
            step(learner, optimiser, (normalised(images), torch.from_numpy(labels)), memory.batch())
            memory.add(images, labels)
        memory.end_task(task)
    before = accuracy(learner, test, normalised)
    review(learner, memory, review_steps)
    return accuracy(learner, test, normalised), before


def fashion_mnist() -> tuple[Part, Part]:
    """Reads images [n, 1, 28, 28] and labels from the folder into which `./reverie fetch fashion-mnist` writes."""
    root = Path(os.environ.get("REVERIE_DATA") or Path.home() / ".cache" / "reverie") / "fashion-mnist"

    def content(name: str, header: int) -> Pixels:
        for file in (root / name, root / f"{name}.gz"):
            if file.exists():
                data = file.read_bytes()
                unpacked = gzip.decompress(data) if file.suffix == ".gz" else data
                return np.frombuffer(unpacked, dtype=np.uint8, offset=header)
        raise SystemExit(f"{root / name} does not exist: run ./reverie fetch fashion-mnist")

    def part(name: str) -> Part:
        images = content(f"{name}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
        return images, content(f"{name}-labels-idx1-ubyte", 8).astype(np.int64)

    return part("train"), part("t10k")


def keras_npz(file: Path) -> tuple[Part, Part]:
    """Reads images [n, H, W] or [n, H, W, C] and labels 0 to 9."""
    with np.load(file) as arrays:

        def part(name: str) -> Part:
            images, labels = arrays[f"x_{name}"], arrays[f"y_{name}"].reshape(-1).astype(np.int64)
            return np.ascontiguousarray(np.moveaxis(images.reshape(*images.shape[:3], -1), 3, 1)), labels

        return part("train"), part("test")


def photographs(root: Path) -> tuple[Part, Part]:
    """Reads ROOT/train/CLASS/* and ROOT/test/CLASS/* (or val), or ROOT/CLASS/*, of which every tenth is a test image."""
    held_out = next((root / name for name in ("test", "val") if (root / name).is_dir()), None)
    if held_out:
        return photographs_in(root / "train"), photographs_in(held_out)
    images, labels = photographs_in(root)
    tenth = np.arange(len(labels)) % 10 == 0
    return (images[~tenth], labels[~tenth]), (images[tenth], labels[tenth])


def photographs_in(folder: Path) -> Part:
    """Reads the pictures of the folder of each class, cut to a square and reduced to 64x64."""
    classes = sorted(each for each in folder.iterdir() if each.is_dir())
    if len(classes) != CLASSES:
        raise SystemExit(f"{folder} has {len(classes)} classes: use a folder with one folder for each of {CLASSES} classes")
    images, labels = [], []
    for label, each in enumerate(classes):
        for file in sorted(file for file in each.rglob("*") if file.suffix.lower() in PICTURES):
            with Image.open(file) as picture:
                images.append(np.asarray(ImageOps.fit(picture.convert("RGB"), (SIDE, SIDE)), dtype=np.uint8))
            labels.append(label)
    return np.stack(images).transpose(0, 3, 1, 2), np.array(labels, dtype=np.int64)


def first_of_each_class(part: Part, limit: int | None) -> Part:
    kept = np.concatenate([np.flatnonzero(part[1] == label)[:limit] for label in range(CLASSES)])
    return part[0][kept], part[1][kept]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Compare replay memories on Fashion-MNIST or on another dataset.")
    parser.add_argument("--to", default="http://127.0.0.1:8080", help="address of the service (default: %(default)s)")
    parser.add_argument("--data", type=Path, help="NPZ file or folder of photographs (default: Fashion-MNIST)")
    parser.add_argument("--runs", type=int, default=1, help="number of runs for each memory (default: %(default)s)")
    parser.add_argument("--limit", type=int, help="number of training and of test images per class (default: all)")
    parser.add_argument("--patience", type=float, default=20, help="seconds to wait for a class (default: %(default)s)")
    parser.add_argument("--review", type=int, default=500, help="number of steps of the review (default: %(default)s)")
    options = parser.parse_args(arguments)
    if options.limit is not None and options.limit < LEAST_OF_EACH_CLASS:
        parser.error(f"--limit must be at least {LEAST_OF_EACH_CLASS}: with fewer images, a class does not learn")
    if options.review < 1:
        parser.error("--review must be at least 1")
    if options.data is None:
        dataset = fashion_mnist()
    else:
        dataset = photographs(options.data) if options.data.is_dir() else keras_npz(options.data)
    train, test = (first_of_each_class(part, options.limit) for part in dataset)
    normalised = Normalisation(train[0])

    rows: dict[str, list[tuple[Size, Accuracies]]] = {}

    def run(name: str, memory: Memory, seed: int) -> Size:
        reached = accuracies(train, test, memory, normalised, seed, options.review)
        print(f"run {seed + 1} of {options.runs}, {name}: {reached[0]:.1f} %", file=sys.stderr)
        size = memory.size()
        rows.setdefault(name, []).append((size, reached))
        return size

    for seed in range(options.runs):
        service = Learned(options.to, options.patience, normalised, seed)
        _, capacity = run("Reverie", service, seed)
        service.forget()
        for quality in QUALITIES:
            run(f"reservoir, quality {quality}", Reservoir(capacity, quality, normalised, seed), seed)
        run("none", Memory(), seed)

    print(f"{'memory':<22}{'images':>8}{'bytes':>9}  {'accuracy (%)':<14}before review (%)")
    for name, outcomes in reversed(rows.items()):
        images, size = outcomes[0][0]
        columns = [f"{mean(each):.1f} ± {pstdev(each):.1f}" for each in zip(*(reached for _, reached in outcomes))]
        print(f"{name:<22}{images:>8}{size:>9,}  {columns[0]:<14}{columns[1]}")


if __name__ == "__main__":
    main()
