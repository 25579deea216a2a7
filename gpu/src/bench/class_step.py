#!/usr/bin/env python3
"""The class step of `reverie bench step` in PyTorch, to compare with on the same machine.

    ./reverie bench step --shape 1,28,28 --json; python3 gpu/src/bench/class_step.py --shape 1,28,28

Needs PyTorch (Debian: python3-torch). Prints the same JSON. One step is one class: gradient of the convolution weights on
the real batch, the same on the decoded synthetic batch with a graph kept, the squared distance, and its gradient by the
stored images. Augmentation is left out, which favours this side.
"""
import argparse
import json
import os
import time

import torch
import torch.nn.functional as F


class ConvNet(torch.nn.Module):
    def __init__(self, shape, width, depth=3, classes=10):
        super().__init__()
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

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def decode(stored, factor):
    size = stored.shape[-1] // factor
    cells = [
        stored[:, :, i * size : (i + 1) * size, j * size : (j + 1) * size] for i in range(factor) for j in range(factor)
    ]
    return F.interpolate(torch.cat(cells), size=stored.shape[-2:], mode="bilinear", align_corners=False)


def step(network, weights, real, stored, factor):
    def gradient(images, keep):
        labels = torch.zeros(len(images), dtype=torch.long)
        return torch.autograd.grad(F.cross_entropy(network(images), labels), weights, create_graph=keep)

    target = [g.detach() for g in gradient(real, False)]
    own = gradient(decode(stored, factor), True)
    distance = sum(((a - b) ** 2).sum() for a, b in zip(target, own))
    torch.autograd.grad(distance, stored)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shape", default="1,28,28")
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--ipc", type=int, default=10)
    parser.add_argument("--factor", type=int, default=2)
    parser.add_argument("--real", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=10)
    args = parser.parse_args()
    torch.set_num_threads(os.cpu_count())
    shape = [int(n) for n in args.shape.split(",")]
    network = ConvNet(shape, args.width)
    weights = [p for p in network.features.parameters() if p.dim() == 4]
    real = torch.randn(args.real, *shape)
    stored = torch.rand(args.ipc, *shape, requires_grad=True)
    times = []
    for repeat in range(args.repeats + 2):
        start = time.perf_counter()
        step(network, weights, real, stored, args.factor)
        if repeat >= 2:
            times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(
        json.dumps(
            {
                "peer": f"pytorch {torch.__version__}",
                "threads": torch.get_num_threads(),
                "shape": shape,
                "width": args.width,
                "ipc": args.ipc,
                "factor": args.factor,
                "real": args.real,
                "ms": {"min": times[0], "median": times[len(times) // 2], "max": times[-1]},
                "repeats": args.repeats,
            }
        )
    )


if __name__ == "__main__":
    main()
