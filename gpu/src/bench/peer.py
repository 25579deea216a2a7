"""Shared code of the PyTorch benchmarks: network, class step, data, timing and report.

Needs PyTorch (Debian: python3-torch). Each benchmark does the work of one `reverie bench` command on the same shapes and
prints its result as one JSON object. All but `dm_step` omit augmentation, which favours PyTorch.
"""
import argparse
import gzip
import json
import math
import os
import pathlib
import time

import torch
import torch.nn.functional as F

CLASSES = 10
WARM_UP = 2


class ConvNet(torch.nn.Module):
    """ConvNet-D with instance normalisation, as in gpu/.../network/Architecture.java."""

    def __init__(self, shape, width, classes=CLASSES):
        super().__init__()
        depth = round(math.log2(shape[1] / 4))
        blocks, channels, side = [], shape[0], shape[1]
        for block in range(depth):
            padding = 3 if channels == 1 and block == 0 else 1
            blocks += [
                torch.nn.Conv2d(channels, width, 3, padding=padding),
                torch.nn.GroupNorm(width, width),
                torch.nn.ReLU(),
                torch.nn.AvgPool2d(2),
            ]
            side = (side + 2 * padding - 2) // 2
            channels = width
        self.features = torch.nn.Sequential(*blocks)
        self.classifier = torch.nn.Linear(width * side * side, classes)

    def embed(self, x):
        return self.features(x).flatten(1)

    def forward(self, x):
        return self.classifier(self.embed(x))

    def convolutions(self):
        return [p for p in self.features.parameters() if p.dim() == 4]


def decode(stored, factor):
    """Decodes multi-formation: each stored image is a mosaic of factor * factor small images, which are enlarged."""
    size = stored.shape[-1] // factor
    cells = [
        stored[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size] for i in range(factor) for j in range(factor)
    ]
    return F.interpolate(torch.cat(cells), size=stored.shape[-2:], mode="bilinear", align_corners=False)


def class_step(network, weights, real, stored, factor, label=0):
    """Returns the gradient of the matching loss with respect to the stored images.

    The matching loss is the squared distance between the gradients on the real and on the decoded images.
    """

    def gradient(images, keep):
        labels = torch.full((len(images),), label, dtype=torch.long)
        return torch.autograd.grad(F.cross_entropy(network(images), labels), weights, create_graph=keep)

    target = [g.detach() for g in gradient(real, False)]
    own = gradient(decode(stored, factor), True)
    distance = sum(((a - b) ** 2).sum() for a, b in zip(target, own))
    return torch.autograd.grad(distance, stored)[0]


def draw_view(shape):
    """Draws an augmentation of all images of a step: brightness, saturation, contrast and a shift."""
    brightness, saturation, contrast = torch.rand(3).tolist()
    most = shape[1] // 8
    top, left = torch.randint(0, 2 * most + 1, (2,)).tolist()

    def view(x):
        x = x + brightness - 0.5
        grey = x.mean(1, keepdim=True)
        x = grey + 2 * saturation * (x - grey)
        mean = x.mean((1, 2, 3), keepdim=True)
        x = mean + (contrast + 0.5) * (x - mean)
        return F.pad(x, (most,) * 4)[:, :, top : top + shape[1], left : left + shape[2]]

    return view


def dm_step(shape, width, real, stored, factor):
    """Returns the gradient of DM's loss, the squared distance of mean features, in a network drawn for this step."""
    network, view = ConvNet(shape, width), draw_view(shape)
    with torch.no_grad():
        target = network.embed(view(real)).mean(0)
    own = network.embed(view(decode(stored, factor))).mean(0)
    return torch.autograd.grad(((own - target) ** 2).sum(), stored)[0]


def optimiser(network):
    return torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)


def train_step(network, sgd, images, labels):
    sgd.zero_grad()
    F.cross_entropy(network(images), labels).backward()
    sgd.step()


@torch.no_grad()
def embed(network, images, batch):
    return torch.cat([network.embed(part) for part in images.split(batch)])


@torch.no_grad()
def k_means(points, clusters):
    """Lloyd's algorithm, as in gpu/.../select/KMeans.java; returns the index of the point nearest to each centroid."""
    centroids = points[torch.randperm(len(points))[:clusters]]
    norms = (points**2).sum(1, keepdim=True)
    for _ in range(100):
        squared = norms - 2 * points @ centroids.T + (centroids**2).sum(1)
        nearest = squared.argmin(1)
        sizes = torch.bincount(nearest, minlength=clusters).clamp(min=1).unsqueeze(1)
        moved = torch.zeros_like(centroids).index_add_(0, nearest, points) / sizes
        moved = torch.where(torch.bincount(nearest, minlength=clusters).unsqueeze(1) > 0, moved, centroids)
        way = ((moved - centroids) ** 2).sum()
        centroids = moved
        if way <= 1e-4:
            break
    return (norms - 2 * points @ centroids.T + (centroids**2).sum(1)).argmin(0)


def fashion_mnist():
    """Returns the training images by class, from the folder that `reverie fetch` fills; None if they are missing."""
    home = pathlib.Path(os.environ.get("REVERIE_DATA") or pathlib.Path.home() / ".cache/reverie") / "fashion-mnist"
    images, labels = home / "train-images-idx3-ubyte.gz", home / "train-labels-idx1-ubyte.gz"
    if not (images.exists() and labels.exists()):
        return None
    pixels = torch.frombuffer(bytearray(gzip.open(images).read()), dtype=torch.uint8, offset=16)
    of = torch.frombuffer(bytearray(gzip.open(labels).read()), dtype=torch.uint8, offset=8)
    pixels = pixels.view(-1, 1, 28, 28).float() / 255
    return [pixels[of == label] for label in range(CLASSES)]


def real_images(shape, per_class):
    """Returns images of every class, and the name of their dataset."""
    found = fashion_mnist() if shape == [1, 28, 28] else None
    if found is None:
        return [torch.rand(per_class, *shape) for _ in range(CLASSES)], "generated"
    return [images[:per_class] for images in found], "fashion-mnist"


def arguments(**numbers):
    """Parses --shape, --width, --repeats and the given numeric options, which are passed with their defaults."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", default="1,28,28", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--width", type=int, default=128)
    for name, default in {**numbers, "repeats": numbers.get("repeats", 10)}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    torch.manual_seed(0)
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    return parser.parse_args()


def measure(repeats, work, warm_up=WARM_UP):
    """Returns the milliseconds of each repeat."""
    times = []
    for repeat in range(warm_up + repeats):
        start = time.perf_counter()
        work()
        if repeat >= warm_up:
            times.append((time.perf_counter() - start) * 1000)
    return times


def report(args, times, **more):
    times = sorted(times)
    middle = len(times) // 2
    median = times[middle] if len(times) % 2 else (times[middle - 1] + times[middle]) / 2
    print(
        json.dumps(
            {
                **vars(args),
                "ms": {"min": times[0], "median": median, "max": times[-1]},
                "repeats": len(times),
                "peer": f"pytorch {torch.__version__}",
                "threads": torch.get_num_threads(),
                **more,
            }
        )
    )
