#!/usr/bin/env python3
"""`reverie bench step` in PyTorch: one class step.

A class step computes the gradient of the matching loss with respect to the stored images of a class.
"""
import torch

import peer


def main():
    args = peer.arguments(ipc=10, factor=2, real=128)
    network = peer.ConvNet(args.shape, args.width)
    weights = network.convolutions()
    real = torch.randn(args.real, *args.shape)
    stored = torch.rand(args.ipc, *args.shape, requires_grad=True)
    times = peer.measure(args.repeats, lambda: peer.class_step(network, weights, real, stored, args.factor))
    peer.report(args, times)


if __name__ == "__main__":
    main()
