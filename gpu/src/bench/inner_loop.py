#!/usr/bin/env python3
"""`reverie bench loop` in PyTorch: one class step per class and the training steps of the network.

The time also includes a share of the time for choosing representatives, which happens once per interval of loops.
"""
import time

import torch

import peer


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    args = peer.arguments(ipc=10, factor=2, real=128, images=6000, samples=500, interval=10, chosen=2, repeats=3)
    network = peer.ConvNet(args.shape, args.width)
    weights, sgd = network.convolutions(), peer.optimiser(network)
    images, data = peer.real_images(args.shape, args.images)
    stored = [torch.rand(args.ipc, *args.shape, requires_grad=True) for _ in images]
    chosen = [torch.arange(min(args.real, len(of))) for of in images]

    def choose(label):
        points = peer.embed(network, images[label], args.real)
        chosen[label] = peer.k_means(points, min(args.real, len(points)))

    def loop():
        for label, of in enumerate(images):
            gradient = peer.class_step(network, weights, of[chosen[label]], stored[label], args.factor, label)
            with torch.no_grad():
                stored[label] -= 0.01 * gradient
        for _ in range(-(-args.samples // args.real)):
            labels = torch.randint(len(images), (args.real,))
            batch = torch.stack([images[label][torch.randint(len(images[label]), ())] for label in labels])
            peer.train_step(network, sgd, batch, labels)

    loop()
    # All classes cost about the same, so the time is extrapolated from a few of them.
    choosing = sum(seconds(lambda: choose(label)) for label in range(args.chosen)) / args.chosen * len(images)
    loops = peer.measure(args.repeats, loop, warm_up=0)
    times = [ms + 1000 * choosing / args.interval for ms in loops]
    peer.report(args, times, data=data, choosing_ms=1000 * choosing / args.interval)


if __name__ == "__main__":
    main()
