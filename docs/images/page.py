#!/usr/bin/env python3
"""Takes the screenshots of the web page: page.png, page-dark.png and page-phone.png.

Start a service with an empty store and stream Fashion-MNIST into it, then run this script at once. It waits until seven
classes are there, so that the pictures show one that has just arrived.

    ./reverie serve --store "$(mktemp -d)"
    ./reverie replay --dataset fashion-mnist --to http://127.0.0.1:8080 --class-order sequential --rate 250
    python3 docs/images/page.py http://127.0.0.1:8080

Needs Chromium and its driver (on Debian: chromium, chromium-driver).
"""

import base64
import json
import pathlib
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
DRIVER = "http://127.0.0.1:9515"
ARRIVING = 7
VIEWS = {
    "page.png": (1280, 1546, "light"),
    "page-dark.png": (1280, 1546, "dark"),
    "page-phone.png": (360, 1160, "dark"),
}


def call(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def open_browser():
    options = {"args": ["--headless=new", "--no-sandbox", "--hide-scrollbars"]}
    wanted = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
    for _ in range(50):
        try:
            return f"{DRIVER}/session/{call(f'{DRIVER}/session', wanted)['value']['sessionId']}"
        except OSError:
            time.sleep(0.2)
    sys.exit("chromedriver does not answer")


def execute(session, command, **parameters):
    return call(f"{session}/goog/cdp/execute", {"cmd": command, "params": parameters})["value"]


def take(session, name, width, height, scheme):
    execute(session, "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
    execute(session, "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    time.sleep(1)
    picture = execute(session, "Page.captureScreenshot", format="png")["data"]
    (HERE / name).write_bytes(base64.b64decode(picture))


def main():
    if len(sys.argv) != 2 or not sys.argv[1].startswith("http"):
        sys.exit("Pass the address of a service, for example http://127.0.0.1:8080")
    address = sys.argv[1].rstrip("/")
    driver = subprocess.Popen(["chromedriver", "--port=9515", "--log-level=SEVERE"])
    try:
        session = open_browser()
        call(f"{session}/url", {"url": address})
        while len(call(f"{address}/v1/classes")) < ARRIVING:
            time.sleep(0.5)
        time.sleep(2)
        for name, view in VIEWS.items():
            take(session, name, *view)
        urllib.request.urlopen(urllib.request.Request(session, method="DELETE"))
    finally:
        driver.terminate()


if __name__ == "__main__":
    main()
