#!/usr/bin/env python3
"""Measures a cluster of processes on one machine that share a PostgreSQL server.

    PGHOST=localhost PGUSER=reverie python3 streams/src/bench/cluster.py learning

learning  how much faster two nodes with a core each learn with `dm` than one of them
apart     the same for two services that know nothing of each other: what the machine allows
ingest    processor time for 1,000 images of Fashion-MNIST, with one, two and three nodes
memory    time to read the whole memory of 1,000 classes with 10 images each, with three nodes

Creates databases `reverie_bench_*` on the server of PGHOST, PGPORT and PGUSER, and drops them first if they exist. Needs
only Python, taskset, and createdb and dropdb of PostgreSQL. The logs of the nodes are written to node-*.log.
"""
import argparse
import base64
import contextlib
import json
import os
import pathlib
import random
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from png import png

REVERIE = pathlib.Path(__file__).resolve().parents[3] / "reverie"
DATABASE = "reverie_bench"
HTTP_PORT = 18080
CLUSTER_PORT = 17355
IDLE = {"REVERIE_LEARNING_MIN_IMAGES": "1000000"}
TIRELESS = {"REVERIE_LEARNING_CONVERGENCE_PATIENCE": "10000"}


def new_database(name):
    subprocess.run(["dropdb", "--if-exists", "--force", name], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["createdb", name], check=True)


def membership(number, members, first=0):
    host, port = os.environ.get("PGHOST", "localhost"), os.environ.get("PGPORT", "5432")
    return {
        "REVERIE_CLUSTER_ENABLED": "true",
        "REVERIE_CLUSTER_MEMBERS": str(members),
        "REVERIE_CLUSTER_SEEDS": ",".join(f"127.0.0.1:{CLUSTER_PORT + each}" for each in range(first, first + members)),
        "REVERIE_CLUSTER_PORT": str(CLUSTER_PORT + number),
        "REVERIE_STORE_POSTGRES_URL": f"jdbc:postgresql://{host}:{port}/{DATABASE}_{first}",
        "REVERIE_STORE_POSTGRES_USER": os.environ.get("PGUSER", "reverie"),
    }


class Node:
    def __init__(self, number, settings, core=None):
        self.url = f"http://127.0.0.1:{HTTP_PORT + number}"
        pinned = [] if core is None else ["taskset", "-c", str(core)]
        command = [*pinned, str(REVERIE), "serve", "--port", str(HTTP_PORT + number)]
        self.log = open(f"node-{number}.log", "a")
        self.process = subprocess.Popen(
            command,
            env=os.environ | {"REVERIE_EVALUATION_ENABLED": "false"} | settings,
            stdout=self.log,
            stderr=self.log,
        )

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=120) as answer:
            return answer.read()

    def await_ready(self):
        while self.process.poll() is None:
            try:
                self.get("/readyz")
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)
        raise SystemExit(f"a node ended: see {self.log.name}")

    def metric(self, name):
        lines = re.findall(rf"^{name}(?:\{{.*\}})? (\S+)", self.get("/metrics").decode(), re.MULTILINE)
        return sum(map(float, lines))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def started(members, settings, cores=None, first=0):
    """A cluster of its own whose nodes are numbered from the first."""
    new_database(f"{DATABASE}_{first}")
    return ready(
        Node(first + number, settings | membership(first + number, members, first), cores[number] if cores else None)
        for number in range(members)
    )


def ready(nodes):
    nodes = list(nodes)
    for node in nodes:
        node.await_ready()
    return nodes


def replay(node, limit):
    command = [str(REVERIE), "replay", "--dataset", "fashion-mnist", "--limit", str(limit), "--to", node.url]
    subprocess.run(command, check=True, capture_output=True)


def step_rate(nodes, seconds):
    """Class steps per second of the nodes together."""
    steps = "reverie_match_step_duration_seconds_count"
    before, start = sum(node.metric(steps) for node in nodes), time.monotonic()
    time.sleep(seconds)
    return (sum(node.metric(steps) for node in nodes) - before) / (time.monotonic() - start)


def learning(arguments):
    alone = started(1, TIRELESS, cores=[0])
    together = started(2, TIRELESS, cores=[0, 1], first=1)
    compare(alone, together, arguments)


def apart(arguments):
    with tempfile.TemporaryDirectory() as folder:
        alone, *together = ready(
            Node(number, TIRELESS | {"REVERIE_STORE_FOLDER": f"{folder}/{number}"}, core=number // 2) for number in range(3)
        )
        replay(together[1], 500)
        compare([alone], together, arguments)


def compare(alone, together, arguments):
    """Counts by turns, on warm nodes: while one side learns, the other is stopped. Averages a lone node over the cores."""
    try:
        replay(alone[0], 500)
        replay(together[0], 500)
        warm_up = 2
        ratios = []
        for number in range(-warm_up, arguments.rounds):
            with stopped(alone):
                both = step_rate(together, arguments.seconds)
            with stopped(together):
                one = statistics.mean(rate_on(core, alone[0], arguments.seconds) for core in (0, 1))
            if number >= 0:
                ratios.append(both / one)
                print(f"two {both:.1f} class steps/s, one {one:.1f}: {both / one:.2f} times", flush=True)
        print(f"median {statistics.median(ratios):.2f}")
    finally:
        for node in [*alone, *together]:
            node.stop()


@contextlib.contextmanager
def stopped(nodes):
    """Stops processes for a while. The others have a few seconds to get going again, and to find each other."""
    for node in nodes:
        node.process.send_signal(signal.SIGSTOP)
    try:
        time.sleep(5)
        yield
    finally:
        for node in nodes:
            node.process.send_signal(signal.SIGCONT)


def rate_on(core, node, seconds):
    subprocess.run(["taskset", "-a", "-c", "-p", str(core), str(node.process.pid)], check=True, capture_output=True)
    time.sleep(1)
    return step_rate([node], seconds)


def postgres_seconds():
    """Processor time of all processes of the server so far; the time of processes that have ended is in their parent."""
    ticks = 0
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            name, fields = stat.read_text().split("(", 1)[1].rsplit(")", 1)
        except OSError:
            continue
        if name == "postgres":
            ticks += sum(map(int, fields.split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def ingest(arguments):
    for members in (1, 2, 3):
        nodes = started(members, IDLE)
        try:
            replay(nodes[0], 100)
            cpu = "process_cpu_seconds_total"
            before, server = sum(node.metric(cpu) for node in nodes), postgres_seconds()
            replay(nodes[0], 100 + 1000 * arguments.rounds)
            thousands = 10 * arguments.rounds
            used = (sum(node.metric(cpu) for node in nodes) - before) / thousands
            stored = (postgres_seconds() - server) / thousands
            print(f"{members} nodes: {used:.3f} s in the nodes and {stored:.3f} s in PostgreSQL for 1,000 images", flush=True)
        finally:
            for node in nodes:
                node.stop()


def sample(label, number):
    image = png(28, random.Random(f"{label} {number}").randbytes(28 * 28))
    return json.dumps({"label": f"class-{label}", "image": base64.b64encode(image).decode()})


def memory(arguments):
    nodes = started(3, {"REVERIE_LEARNING_MIN_IMAGES": "10"})
    try:
        for first in range(0, arguments.classes, 20):
            lines = [sample(label, number) for label in range(first, first + 20) for number in range(20)]
            send(nodes[first // 20 % 3], lines)
        time.sleep(arguments.seconds)
        for node in nodes:
            times, size = [], 0
            for _ in range(10):
                time.sleep(1.1)
                start = time.monotonic()
                size = len(node.get("/v1/memory"))
                times.append(time.monotonic() - start)
            median, most = statistics.median(times), max(times)
            print(f"{node.url}: {size / 1e6:.1f} MB in {median:.2f} s (at most {most:.2f} s)", flush=True)
    finally:
        for node in nodes:
            node.stop()


def send(node, lines):
    body = "\n".join(lines).encode()
    request = urllib.request.Request(
        node.url + "/v1/samples", body, {"Content-Type": "application/x-ndjson"}, method="POST"
    )
    while True:
        try:
            urllib.request.urlopen(request, timeout=60).read()
            return
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 503):
                raise SystemExit(refused.read().decode()) from refused
            time.sleep(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["learning", "apart", "ingest", "memory"])
    parser.add_argument("--rounds", type=int, default=3, help="rounds, or thousands of images per class (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="length of a count, or of the pause before the memory is read (default: %(default)s)")
    parser.add_argument("--classes", type=int, default=1000, help="number of classes for memory (default: %(default)s)")
    arguments = parser.parse_args()
    {"learning": learning, "apart": apart, "ingest": ingest, "memory": memory}[arguments.what](arguments)


if __name__ == "__main__":
    main()
