#!/usr/bin/env python3
"""Measures how much faster a cluster of two nodes learns than one of them.

    python3 deploy/src/bench/cluster_learning.py --postgres jdbc:postgresql://localhost:5432/reverie

Starts two nodes with `dm`, each on a core of its own, sends them Fashion-MNIST, and counts their class steps. Then stops
one node, leaves its core idle, and counts the class steps of the other one, which has all classes now. Repeats this, and
prints the ratio of each round. The database must be empty. Needs only Python and taskset.
"""
import argparse
import os
import pathlib
import re
import subprocess
import time
import urllib.error
import urllib.request

REVERIE = pathlib.Path(__file__).resolve().parents[3] / "reverie"
CORES = ["0", "1"]
STEPS = re.compile(r"^reverie_match_step_duration_seconds_count(?:\{.*\})? (\S+)$", re.MULTILINE)


class Node:
    def __init__(self, number, arguments):
        self.url = f"http://127.0.0.1:{8080 + number}"
        environment = {
            "REVERIE_CLUSTER_ENABLED": "true",
            "REVERIE_CLUSTER_MEMBERS": "2",
            "REVERIE_CLUSTER_SEEDS": "127.0.0.1:17355,127.0.0.1:17356",
            "REVERIE_CLUSTER_PORT": str(17355 + number),
            "REVERIE_STORE_POSTGRES_URL": arguments.postgres,
            "REVERIE_STORE_POSTGRES_USER": arguments.user,
            "REVERIE_LEARNING_CONVERGENCE_PATIENCE": "10000",
            "REVERIE_EVALUATION_ENABLED": "false",
        }
        command = ["taskset", "-c", CORES[number], str(REVERIE), "serve", "--port", str(8080 + number)]
        self.log = open(f"node-{number}.log", "a")
        self.process = subprocess.Popen(command, env=os.environ | environment, stdout=self.log, stderr=self.log)

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read().decode()

    def await_ready(self):
        while True:
            try:
                self.get("/readyz")
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.5)

    def steps(self):
        return sum(float(count) for count in STEPS.findall(self.get("/metrics")))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def rate(nodes, seconds):
    """Class steps per second of the nodes together."""
    before, start = sum(node.steps() for node in nodes), time.monotonic()
    time.sleep(seconds)
    return (sum(node.steps() for node in nodes) - before) / (time.monotonic() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", required=True, help="JDBC URL of an empty database")
    parser.add_argument("--user", default="reverie", help="PostgreSQL user (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="number of rounds (default: %(default)s)")
    parser.add_argument("--warm-up", type=int, default=60, help="seconds before each count (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="seconds of each count (default: %(default)s)")
    arguments = parser.parse_args()
    first, second = Node(0, arguments), Node(1, arguments)
    first.await_ready()
    second.await_ready()
    replay = [str(REVERIE), "replay", "--dataset", "fashion-mnist", "--limit", "500", "--to", first.url]
    subprocess.run(replay, check=True, capture_output=True)
    try:
        for number in range(arguments.rounds):
            time.sleep(arguments.warm_up)
            both = rate([first, second], arguments.seconds)
            second.stop()
            time.sleep(arguments.warm_up)
            one = rate([first], arguments.seconds)
            print(f"round {number + 1}: two nodes {both:.1f} class steps/s, one {one:.1f}, ratio {both / one:.2f}", flush=True)
            second = Node(1, arguments)
            second.await_ready()
    finally:
        first.stop()
        second.stop()


if __name__ == "__main__":
    main()
