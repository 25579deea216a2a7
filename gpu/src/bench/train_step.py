#!/usr/bin/env python3
"""`reverie bench train` in PyTorch: one step of momentum SGD on a batch of real images."""
import torch

import peer


def main():
    args = peer.arguments(batch=128)
    network = peer.ConvNet(args.shape, args.width)
    sgd = peer.optimiser(network)
    images = torch.rand(args.batch, *args.shape)
    labels = torch.arange(args.batch) % peer.CLASSES
    times = peer.measure(args.repeats, lambda: peer.train_step(network, sgd, images, labels))
    peer.report(args, times)


if __name__ == "__main__":
    main()
