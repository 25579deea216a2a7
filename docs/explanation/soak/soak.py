#!/usr/bin/env python3
"""Starts a service, streams images to it for hours, and records its use of resources.

The ten classes of Fashion-MNIST arrive at a rate of one class per minute. Each image is shifted and brightened or
darkened at random, so there are hardly any duplicates. Every ten minutes, a mirrored class arrives as well. Whenever
there are more than three mirrored classes, the oldest of them is forgotten. Meanwhile, a learner draws batches from
the memory. With --churn, another client also creates and deletes short-lived classes all the time.

    ./reverie fetch fashion-mnist --to fashion-mnist
    docs/explanation/soak/soak.py --data fashion-mnist --method dm --churn 60 --minutes 120

Without --data, the images are random blobs. Writes soak.csv, with one row per minute, and soak.png, and prints the
trend of each resource after the first quarter of the run. Needs NumPy; soak.png needs Matplotlib.
"""

import argparse
import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "clients" / "python" / "src"))

import reverie  # noqa: E402

COLUMNS = ["minute", "resident_mib", "store_mib", "threads", "files", "samples", "classes", "inner_loops",
           "sample_p50_ms", "sample_p99_ms", "refused", "churned"]
RESOURCES = ["resident_mib", "store_mib", "threads", "files"]
MIRRORED = 3
MIRROR_MINUTES = 10
BATCH = 64
SHORT_LIVED = 40


def read_idx(folder):
    images = np.fromfile(folder / "train-images-idx3-ubyte", np.uint8, offset=16).reshape(-1, 28, 28)
    labels = np.fromfile(folder / "train-labels-idx1-ubyte", np.uint8, offset=8)
    return [images[labels == c] for c in range(10)]


def blobs():
    """Returns 200 images of each of ten classes: a bright blob at a place that depends on the class, and noise."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[:28, :28]
    classes = []
    for c in range(10):
        blob = 200 * np.exp(-((x - 6 - 4 * (c % 5)) ** 2 + (y - 8 - 12 * (c // 5)) ** 2) / 18)
        classes.append(np.clip(blob + random.uniform(0, 55, (200, 28, 28)), 0, 255).astype(np.uint8))
    return classes


class Stream:
    """Endless batches of the classes that have arrived."""

    def __init__(self, classes):
        self.classes = classes
        self.random = np.random.default_rng(0)
        self.sources = {}

    def arrive(self, name, source, mirrored):
        self.sources[name] = (source, mirrored)

    def batch(self):
        names = [str(name) for name in self.random.choice(list(self.sources), BATCH)]
        return np.stack([self._image(*self.sources[name]) for name in names])[:, None], names

    def _image(self, source, mirrored):
        images = self.classes[source]
        image = images[self.random.integers(len(images))].astype(np.float32)
        image = np.roll(image, self.random.integers(-2, 3, 2), (0, 1)) * self.random.uniform(0.7, 1.1)
        return np.clip(image[:, ::-1] if mirrored else image, 0, 255).astype(np.uint8)


class Learner(threading.Thread):
    """Draws batches at intervals and records how long each batch takes."""

    def __init__(self, url, interval):
        super().__init__(daemon=True)
        self.client = reverie.Reverie(url)
        self.interval = interval
        self.seconds = []
        self.all = []

    def run(self):
        while True:
            began = time.monotonic()
            try:
                self.client.sample(n=64)
                self.seconds.append(time.monotonic() - began)
            except reverie.Problem:
                pass
            time.sleep(self.interval)

    def quantiles(self):
        taken, self.seconds = self.seconds, []
        self.all += taken
        return [round(1000 * q, 1) for q in np.quantile(taken, [0.5, 0.99])] if taken else ["", ""]


class Churn(threading.Thread):
    """Creates classes of one image at a rate, and deletes the oldest while there are more than a few."""

    def __init__(self, url, per_minute):
        super().__init__(daemon=True)
        self.client = reverie.Reverie(url)
        self.pause = 60 / per_minute
        self.created = 0

    def run(self):
        random = np.random.default_rng(1)
        due = time.monotonic()
        while True:
            try:
                image = random.integers(0, 256, (1, 1, 28, 28), np.uint8)
                self.client.samples(image, [f"short-lived {self.created}"])
                self.created += 1
                if self.created > SHORT_LIVED:
                    self.client.forget(f"short-lived {self.created - SHORT_LIVED - 1}")
            except reverie.Problem as problem:
                print(problem, file=sys.stderr)
            due += self.pause
            time.sleep(max(0, due - time.monotonic()))


class Service:
    def __init__(self, command, store, method):
        self.store = store
        self.process = subprocess.Popen([*command, "serve", "--store", str(store), "--port", "0"],
                                        env={**os.environ, "REVERIE_LEARNING_METHOD": method},
                                        stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "listening on " in line:
                self.url = line.split("listening on ")[1].strip()
                break
        threading.Thread(target=lambda: [None for _ in self.process.stderr], daemon=True).start()

    def figures(self):
        proc = pathlib.Path(f"/proc/{self.process.pid}")
        status = dict(line.split(":", 1) for line in (proc / "status").read_text().splitlines())
        stored = sum(file.stat().st_size for file in self.store.rglob("*") if file.is_file())
        return [round(int(status["VmRSS"].split()[0]) / 1024, 1), round(stored / 2**20, 1),
                int(status["Threads"]), len(list((proc / "fd").iterdir()))]


def change_classes(stream, client, minute):
    if minute < 10:
        stream.arrive(f"class {minute}", minute, mirrored=False)
    elif minute % MIRROR_MINUTES == 0:
        stream.arrive(f"mirrored {minute}", minute // MIRROR_MINUTES % 10, mirrored=True)
        oldest = f"mirrored {minute - MIRRORED * MIRROR_MINUTES}"
        if stream.sources.pop(oldest, None):
            client.forget(oldest)


def stream_for(service, args, write):
    client = reverie.Reverie(service.url)
    stream = Stream(read_idx(args.data) if args.data else blobs())
    learner = Learner(service.url, args.interval)
    learner.start()
    churn = Churn(service.url, args.churn or 1)
    if args.churn:
        churn.start()
    refused = 0
    began = time.monotonic()
    for minute in range(args.minutes):
        change_classes(stream, client, minute)
        while (elapsed := time.monotonic() - began) < 60 * (minute + 1):
            try:
                client.samples(*stream.batch())
            except reverie.Problem as problem:
                refused += 1
                print(problem, file=sys.stderr)
            due = BATCH / args.rate - (time.monotonic() - began - elapsed)
            time.sleep(max(0, due))
        status = client.status()
        write([minute + 1, *service.figures(), status["samples"], status["classes"], status["inner_loops"],
               *learner.quantiles(), refused, churn.created])
    return learner.all


def report(folder, seconds):
    """Prints the p99 over the whole run, and the slope of each resource after the first quarter of the run."""
    with open(folder / "soak.csv") as file:
        rows = list(csv.DictReader(file))
    print(f"sample: p99 {1000 * np.quantile(seconds, 0.99):.1f} ms over {len(seconds)} batches")
    later = rows[len(rows) // 4:]
    if len(later) < 2:
        return
    minutes = [float(row["minute"]) for row in later]
    for column in RESOURCES:
        values = [float(row[column]) for row in later]
        slope = np.polyfit(minutes, values, 1)[0]
        print(f"{column}: {min(values):.0f} to {max(values):.0f}, {60 * slope:+.1f} per hour")


def plot(folder):
    try:
        import matplotlib
    except ImportError:
        print("no Matplotlib, so soak.png is not drawn", file=sys.stderr)
        return
    matplotlib.use("Agg")
    from matplotlib import pyplot

    with open(folder / "soak.csv") as file:
        rows = list(csv.DictReader(file))
    minutes = [int(row["minute"]) for row in rows]
    panels = [("resident_mib", "resident memory, MiB", 1), ("store_mib", "store on disk, MiB", 1),
              ("samples", "admitted samples, thousands", 1e-3), ("inner_loops", "inner loops, thousands", 1e-3),
              ("classes", "classes", 1), ("sample_p99_ms", "batch of 64 from the memory, p99, ms", 1)]
    figure, axes = pyplot.subplots(3, 2, figsize=(11, 9), sharex=True, layout="constrained")
    for axis, (column, title, scale) in zip(axes.flat, panels):
        axis.plot(minutes, [scale * float(row[column]) if row[column] else np.nan for row in rows], color="#2a6f97")
        axis.set_title(title, loc="left", fontsize=10)
        axis.set_ylim(bottom=0)
        axis.grid(alpha=0.3)
    for axis in axes[-1]:
        axis.set_xlabel("minutes")
    figure.savefig(folder / "soak.png", dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, help="folder with Fashion-MNIST's IDX files")
    parser.add_argument("--method", default="dm", help="distillation method of the service")
    parser.add_argument("--churn", type=float, default=0, help="short-lived classes per minute")
    parser.add_argument("--interval", type=float, default=1, help="seconds between two batches of the learner")
    parser.add_argument("--minutes", type=int, default=120)
    parser.add_argument("--rate", type=float, default=100, help="images per second")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "docs" / "explanation" / "soak")
    parser.add_argument("--command", default=str(ROOT / "reverie"), help="command that starts Reverie")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, open(args.out / "soak.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        service = Service(args.command.split(), pathlib.Path(folder) / "store", args.method)

        def write(row):
            table.writerow(row)
            file.flush()

        try:
            seconds = stream_for(service, args, write)
        finally:
            service.process.terminate()
            print("the service ended with exit code", service.process.wait(timeout=60))
    report(args.out, seconds)
    plot(args.out)


if __name__ == "__main__":
    main()
