#!/usr/bin/env python3
"""`reverie bench cluster` in PyTorch: k-means on the features of one class. The time to embed the images is excluded."""
import peer


def main():
    args = peer.arguments(images=6000, representatives=128, repeats=3)
    network = peer.ConvNet(args.shape, args.width)
    images, data = peer.real_images(args.shape, args.images)
    points = peer.embed(network, images[0], 128)
    times = peer.measure(args.repeats, lambda: peer.k_means(points, args.representatives), warm_up=1)
    peer.report(args, times, data=data)


if __name__ == "__main__":
    main()
