"""The command `reverie-client`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from reverie import __version__, folders
from reverie.client import Reverie
from reverie.problem import Problem

_BAR = 30  # characters
_PAUSE = 0.1  # seconds between two states of the bar
_NAMED = 20  # skipped files that are named


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; returns its exit status."""
    options = _parser().parse_args(arguments)
    try:
        token = Path(options.token_file).read_text(encoding="ascii").strip() if options.token_file else options.token
        with Reverie(options.to if "://" in options.to else f"http://{options.to}", token) as memory:
            return int(options.run(memory, options))
    except (Problem, OSError, ValueError, ImportError) as error:
        print(f"reverie-client: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reverie-client", description="Sends images to a Reverie service, and reads its memory.")
    parser.add_argument("--version", action="version", version=f"reverie-client {__version__}")
    service = argparse.ArgumentParser(add_help=False)
    service.add_argument("--to", metavar="URL", default="http://127.0.0.1:8080", help="address of the service (%(default)s)")
    service.add_argument("--token", metavar="T", help="token, for a service that requires one")
    service.add_argument("--token-file", metavar="FILE", help="file with the token, which keeps it out of the process list")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    send = commands.add_parser("send", parents=[service], help="send the pictures of FOLDER/CLASS/*")
    send.add_argument("folder", metavar="FOLDER")
    send.set_defaults(run=_send)

    sample = commands.add_parser("sample", parents=[service], help="save a random batch, balanced over the classes")
    sample.add_argument("file", metavar="FILE.npz")
    sample.add_argument("-n", type=int, default=64, help="number of images (%(default)s)")
    sample.add_argument("--class", dest="classes", metavar="LABEL", action="append", help="draw from this class; may be repeated")
    sample.add_argument("--seed", type=int, help="makes the batch repeatable")
    sample.set_defaults(run=_sample)

    status = commands.add_parser("status", parents=[service], help="show the classes, and what was refused in the last hour")
    status.set_defaults(run=_status)

    export = commands.add_parser("export", parents=[service], help="write the images of the memory to a folder")
    export.add_argument("folder", metavar="FOLDER")
    export.add_argument("--huggingface", action="store_true", help="add the file with labels that Hugging Face's ImageFolder reads")
    export.set_defaults(run=_export)
    return parser


def _send(memory: Reverie, options: argparse.Namespace) -> int:
    sent = folders.send(memory, options.folder, _Bar())
    print(f"{sent.accepted} accepted, {sent.duplicates} duplicates, {len(sent.skipped)} skipped")
    for path, reason in sent.skipped[:_NAMED]:
        print(f"skipped {path}: {reason}", file=sys.stderr)
    if len(sent.skipped) > _NAMED:
        print(f"... and {len(sent.skipped) - _NAMED} more", file=sys.stderr)
    return 1 if sent.accepted + sent.duplicates == 0 else 0


def _sample(memory: Reverie, options: argparse.Namespace) -> int:
    images, labels, names = memory.sample(options.n, options.seed, options.classes, dtype="uint8")
    texts = np.array([names[number] for number in labels.tolist()])
    np.savez(options.file, images=images, labels=labels, names=texts)
    print(f"{len(images)} images of {len(set(texts.tolist()))} classes in {options.file}")
    return 0


def _status(memory: Reverie, options: argparse.Namespace) -> int:
    classes = memory.classes()
    width = max([len("class"), *(len(each["label"]) for each in classes)])
    print(f"{'class':{width}}  phase       samples")
    for each in classes:
        print(f"{each['label']:{width}}  {each['phase']:10}  {each.get('seen', ''):>7}")
    for group in memory.status().get("refused", []):
        last = group["last"]
        example = f"{last['origin']}: {last['detail']}" if last.get("origin") else last["detail"]
        if group["reason"] == "passed-over":
            print(f"{group['samples']} files of the watched folder are passed over: {_line(example)}")
        else:
            print(f"{group['samples']} refused in the last hour ({group['source']}, {group['reason']}), the last one {_line(example)}")
    return 0


def _export(memory: Reverie, options: argparse.Namespace) -> int:
    count = folders.export(memory, options.folder, options.huggingface, _Bar())
    print(f"{count} images in {options.folder}")
    return 0


def _line(text: str) -> str:
    """Returns a text of a sender, without characters that could control the terminal."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


class _Bar:
    """Shows on a terminal how far a command is."""

    def __init__(self) -> None:
        self._start = self._shown = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or (done < total and now < self._shown + _PAUSE):
            return
        self._shown = now
        filled = _BAR * done // total
        rate = done / max(now - self._start, 1e-3)
        text = f"\r[{'#' * filled:{_BAR}}] {done} of {total}, {rate:.0f} per second"
        print(text, end="\n" if done == total else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
