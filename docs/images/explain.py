#!/usr/bin/env python3
"""Makes the pictures of docs/explanation.md from a run on Fashion-MNIST.

    ./reverie distill --dataset fashion-mnist --ipc 10 --time-limit 5m --out run
    python3 docs/images/explain.py run

Writes explain-mosaic.png and explain-loss.svg beside itself. Needs NumPy.
"""

import argparse
import csv
import pathlib
import struct
import zlib

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
SHOWN = ["Trouser", "Sandal", "Bag"]
WHITE = 255


def of_class(arrays, name, images, labels):
    label = arrays["class_names"].tolist().index(name)
    return arrays[images][arrays[labels] == label][:, 0]


def enlarged(image, times=4):
    return np.clip(255 * image, 0, 255).astype(np.uint8).repeat(times, 0).repeat(times, 1)


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
    """A stored image of some classes, and the four that each decodes to."""
    rows = []
    for name in SHOWN:
        stored = of_class(arrays, name, "parameters", "parameter_labels")
        decoded = of_class(arrays, name, "images", "labels")
        cells = [decoded[cell * len(stored)] for cell in range(4)]
        rows.append(beside([enlarged(stored[0]), beside([enlarged(cell) for cell in cells], 4)], 24))
    save("explain-mosaic.png", below(rows, 12))


def loss(history):
    """The matching loss of each inner loop, as SVG."""
    with open(history) as rows:
        losses = [float(row["matching_loss"]) for row in csv.DictReader(rows)]
    width, height, left, top = 760, 260, 56, 12
    most = max(losses)
    x = [left + width * i / len(losses) for i in range(len(losses))]
    y = [top + height * (1 - value / most) for value in losses]
    curve = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y))
    ticks = [(value, top + height * (1 - value / most)) for value in np.arange(0, most, 100)]
    marks = [(loop, left + width * loop / len(losses)) for loop in range(0, len(losses) + 1, 50)]
    (FOLDER / "explain-loss.svg").write_text("\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 24} {top + height + 48}"'
         ' font-family="sans-serif" font-size="13" fill="#333">',
         f'<rect width="{left + width + 24}" height="{top + height + 48}" fill="white"/>']
        + [f'<path d="M{left} {at:.1f}h{width}" stroke="#ddd"/>'
           f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{value:g}</text>' for value, at in ticks]
        + [f'<text x="{at:.1f}" y="{top + height + 18}" text-anchor="middle">{loop}</text>' for loop, at in marks]
        + [f'<text x="{left + width / 2}" y="{top + height + 40}" text-anchor="middle">inner loop</text>',
           f'<text transform="translate(14 {top + height / 2}) rotate(-90)" text-anchor="middle">matching loss</text>',
           f'<polyline points="{curve}" fill="none" stroke="#2a6f97" stroke-width="1.2"/>', "</svg>", ""]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=pathlib.Path, help="folder of the run")
    run = parser.parse_args().run
    with np.load(run / "synthetic.npz", allow_pickle=False) as archive:
        mosaic({name: archive[name] for name in archive.files})
    loss(run / "history.csv")


if __name__ == "__main__":
    main()
