#!/usr/bin/env python3
"""Draws the pictures of docs/explanation/how-it-works.md from a run on Fashion-MNIST.

    ./reverie distill --dataset fashion-mnist --method dream --ipc 10 --time-limit 5m --out run
    python3 docs/images/explain.py run

Writes explain-mosaic.png and explain-loss.png to the folder of this script. Needs NumPy.
"""

import argparse
import csv
import pathlib
import struct
import zlib

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
SHOWN = ["Trouser", "Sandal", "Bag"]
WHITE, PALE = 255, 200
HEIGHT, STEP = 240, 2


def of_class(arrays, name, images, labels):
    label = arrays["class_index"][arrays["class_names"].tolist().index(name)]
    return arrays[images][arrays[labels] == label][:, 0]


def enlarged(image, times=4):
    return image.repeat(times, 0).repeat(times, 1)


def beside(images, gap):
    column = np.full((images[0].shape[0], gap), WHITE, np.uint8)
    return np.hstack([part for image in images for part in (column, image)][1:])


def below(rows, gap):
    row = np.full((gap, rows[0].shape[1]), WHITE, np.uint8)
    return np.vstack([part for each in rows for part in (row, each)][1:])


def save(name, picture):
    height, width = picture.shape

    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))

    lines = b"".join(b"\0" + picture[row].tobytes() for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    (FOLDER / name).write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def mosaic(arrays):
    """Draws one stored image of each shown class beside the four images that it decodes to."""
    rows = []
    for name in SHOWN:
        stored = of_class(arrays, name, "parameters", "parameter_labels")
        decoded = of_class(arrays, name, "images", "labels")
        cells = [decoded[cell * len(stored)] for cell in range(4)]
        rows.append(beside([enlarged(stored[0]), beside([enlarged(cell) for cell in cells], 4)], 24))
    save("explain-mosaic.png", below(rows, 12))


def loss(history):
    """Plots the matching loss of each inner loop from 0 upwards, with a line at the start of each outer iteration."""
    with open(history) as file:
        rows = list(csv.DictReader(file))
    losses = np.array([float(row["matching_loss"]) for row in rows])
    heights = np.rint((HEIGHT - 1) * losses / np.nanmax(losses)).astype(int)
    picture = np.full((HEIGHT, STEP * len(rows)), WHITE, np.uint8)
    for loop, row in enumerate(rows):
        if row["inner"] == "0":
            picture[:, STEP * loop] = PALE
    for loop in range(1, len(rows)):
        low, high = sorted((heights[loop - 1], heights[loop]))
        picture[HEIGHT - 1 - high:HEIGHT - low, STEP * loop - 1:STEP * loop + 1] = 0
    save("explain-loss.png", picture)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=pathlib.Path, help="folder of the run")
    run = parser.parse_args().run
    with np.load(run / "synthetic.npz", allow_pickle=False) as archive:
        mosaic({name: archive[name] for name in archive.files})
    loss(run / "history.csv")


if __name__ == "__main__":
    main()
