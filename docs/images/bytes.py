#!/usr/bin/env python3
"""Draws docs/explanation/coded-bytes.csv, the accuracy of learned and real memories against their coded size.

    python3 docs/images/bytes.py

Writes bytes.svg to the folder of this script.
"""

import csv
import math
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parent / "explanation" / "coded-bytes.csv"

PANEL, HEIGHT, GAP = 250, 230, 50
LEFT, TOP, BOTTOM = 46, 40, 66
SIZES = [2, 4, 8, 16, 32, 64]
COLOURS = {"learned": "#0b6bcb", "real": "#b35900"}
NAMES = {"learned": "learned images", "real": "best selection of real images"}


def points(rows, dataset, kind):
    return sorted((int(row["bytes_per_class"]) / 1024, float(row["accuracy"])) for row in rows
                  if row["dataset"] == dataset and row["images"] == kind)


def text(x, y, content, anchor="middle", **style):
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in style.items())
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{attributes}>{content}</text>'


def panel(rows, dataset, left):
    curves = {kind: points(rows, dataset, kind) for kind in COLOURS}
    levels = [y for curve in curves.values() for _, y in curve]
    low, high = math.floor(min(levels) / 5) * 5, math.ceil(max(levels) / 5) * 5

    def x(size):
        return left + math.log(size / SIZES[0]) / math.log(SIZES[-1] / SIZES[0]) * PANEL

    def y(level):
        return TOP + (high - level) / (high - low) * HEIGHT

    parts = [text(left + PANEL / 2, TOP - 14, dataset, font_weight="bold")]
    for level in range(low, high + 1, 5):
        parts.append(f'<line x1="{left}" x2="{left + PANEL}" y1="{y(level):.1f}" y2="{y(level):.1f}" stroke="#ddd"/>')
        parts.append(text(left - 8, y(level) + 4, level, "end"))
    for size in SIZES:
        parts.append(text(x(size), TOP + HEIGHT + 18, size))
    for kind, curve in curves.items():
        path = " ".join(f"{x(size):.1f},{y(level):.1f}" for size, level in curve)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[kind]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x(size):.1f}" cy="{y(level):.1f}" r="4" fill="{COLOURS[kind]}"/>' for size, level in curve]
    return parts


def main():
    with TABLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    datasets = list(dict.fromkeys(row["dataset"] for row in rows))
    width = LEFT + len(datasets) * (PANEL + GAP)
    height = TOP + HEIGHT + BOTTOM
    parts = [part for i, dataset in enumerate(datasets) for part in panel(rows, dataset, LEFT + i * (PANEL + GAP))]
    parts.append(text(LEFT + 4, height - 10, "accuracy (%) against kB per class:", "start"))
    for i, kind in enumerate(COLOURS):
        parts.append(text(LEFT + 250 + 140 * i, height - 10, f"● {NAMES[kind]}", "start", fill=COLOURS[kind]))
    (HERE / "bytes.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" font-size="13"'
        f' fill="#333">\n<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(parts) + "\n</svg>\n")


if __name__ == "__main__":
    main()
