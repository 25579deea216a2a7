#!/usr/bin/env python3
"""`reverie bench step` in PyTorch: one class step.

A class step computes the gradient of the matching loss with respect to the stored images of a class: of DREAM, or with
--dm 1 of DM.
"""
import torch

import peer


def main():
    args = peer.arguments(ipc=10, factor=2, real=128, dm=0)
    real = torch.randn(args.real, *args.shape)
    stored = torch.rand(args.ipc, *args.shape, requires_grad=True)
    if args.dm:
        step = lambda: peer.dm_step(args.shape, args.width, real, stored, args.factor)
    else:
        network = peer.ConvNet(args.shape, args.width)
        weights = network.convolutions()
        step = lambda: peer.class_step(network, weights, real, stored, args.factor)
    peer.report(args, peer.measure(args.repeats, step))


if __name__ == "__main__":
    main()
