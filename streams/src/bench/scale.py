#!/usr/bin/env python3
"""Measures how the time of an inner loop and the memory of a run grow with the number of classes.

    python3 streams/src/bench/scale.py

Distils folders of small random images, with the same number of images in every class, and prints one table row per
number of classes. A row contains the milliseconds per inner loop and per class step (medians over the loops that choose
no representatives), the share of the time of the loops outside the worker, the peak memory of the process, and the size
of the checkpoint. Needs only Python.
"""
import argparse
import csv
import json
import pathlib
import random
import statistics
import subprocess
import tempfile

from png import png

REVERIE = pathlib.Path(__file__).resolve().parents[3] / "reverie"


def write_pictures(folder, classes, images, side):
    draw = random.Random(0)
    for label in range(classes):
        for split, count in (("train", images), ("test", 1)):
            place = folder / split / f"class-{label:04d}"
            place.mkdir(parents=True)
            for number in range(count):
                (place / f"{number}.png").write_bytes(png(side, draw.randbytes(side * side)))


def distil(launcher, folder, out, arguments, loops):
    command = [*launcher, "distill", "--dataset", f"folder:{folder}", "--method", "dream", "--out", str(out)]
    command += ["--ipc", str(arguments.ipc), "--width", str(arguments.width)]
    command += ["--representatives", str(arguments.representatives), "--interval", "1000000"]
    command += ["--outer-iterations", "1", "--inner-loops", str(loops)]
    subprocess.run(command, check=True, capture_output=True)
    history = list(csv.DictReader((out / "history.csv").open()))
    steady = [float(row["seconds"]) for row in history if row["refreshed"] == "0"]
    warm = steady[len(steady) // 3 :]
    return statistics.median(warm), json.loads((out / "run.json").read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--classes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--images", type=int, default=48, help="training images per class")
    parser.add_argument("--side", type=int, default=16, help="height and width of an image in pixels")
    parser.add_argument("--ipc", type=int, default=1)
    parser.add_argument("--width", type=int, default=32)
    parser.add_argument("--representatives", type=int, default=32)
    parser.add_argument("--steps", type=int, default=6000, help="approximate number of class steps per run")
    parser.add_argument("--launcher", nargs="+", default=[str(REVERIE)])
    arguments = parser.parse_args()
    print("| classes | ms per loop | ms per class step | outside the worker | peak memory, MB | checkpoint, MB |")
    print("|---|---|---|---|---|---|")
    for classes in arguments.classes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            write_pictures(folder / "data", classes, arguments.images, arguments.side)
            loops = max(6, arguments.steps // classes)
            seconds, run = distil(arguments.launcher, folder / "data", folder / "out", arguments, loops)
            outside = run["totals"]["share_outside_worker"]
            memory = run["machine"]["peak_resident_bytes"] / 1e6
            checkpoint = (folder / "out" / "checkpoint.bin").stat().st_size / 1e6
            print(
                f"| {classes:,} | {1e3 * seconds:,.1f} | {1e3 * seconds / classes:.2f} | {100 * outside:.1f} % "
                f"| {memory:,.0f} | {checkpoint:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
