#!/usr/bin/env python3
"""`reverie bench embed` in PyTorch: features of many images after the last block, without gradients."""
import torch

import peer


def main():
    args = peer.arguments(images=6000, batch=128, repeats=3)
    network = peer.ConvNet(args.shape, args.width)
    images = torch.rand(args.images, *args.shape)
    times = peer.measure(args.repeats, lambda: peer.embed(network, images, args.batch), warm_up=1)
    peer.report(args, times)


if __name__ == "__main__":
    main()
