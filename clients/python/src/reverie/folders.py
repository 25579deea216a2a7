"""Folders of pictures: what is in them is sent, and memories are written to them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Callable, Iterator
from unicodedata import normalize
from urllib.parse import quote

import numpy as np

from reverie.client import Reverie
from reverie.problem import Problem

__all__ = ["Sent", "export", "send"]

Progress = Callable[[int, int], None]  # called with the number of pictures so far, and of all

_PICTURES = (".png", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff")
_SPLITS = {"train", "test", "val", "valid", "validation"}  # of a dataset, in folders beside each other
_REQUEST_BYTES = 4 << 20  # of the files in one request; its lines are a third longer
_TOGETHER = 256
_LONGEST_NAME = 100  # characters of the name of a folder


@dataclass
class Sent:
    """What became of the pictures of a folder.

    skipped  each file that could not be sent, and why
    """

    accepted: int = 0
    duplicates: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)


def send(memory: Reverie, folder: str | os.PathLike[str], progress: Progress | None = None) -> Sent:
    """Sends the pictures of FOLDER/CLASS/..., or of FOLDER/train/CLASS/... if there is such a folder, as they are.

    The label of a picture is the name of the folder of its class. Files that are not pictures by their names, and names that
    begin with a dot, are passed over. A picture that the service refuses is skipped, and named in the result.
    """
    root, pictures = _classes(Path(folder))
    if not pictures:
        raise ValueError(f"{root} has no pictures in folders of classes: name a folder with CLASS/*.png or CLASS/*.jpg")
    sent, done = Sent(), 0
    for part in _requests(pictures):
        _send(memory, root, part, sent)
        done += len(part)
        if progress is not None:
            progress(done, len(pictures))
    return sent


def export(memory: Reverie, folder: str | os.PathLike[str], metadata: bool = False, progress: Progress | None = None) -> int:
    """Writes the images of a memory as FOLDER/CLASS/*.png, as `ImageFolder` reads them; returns their number.

    In the name of a folder, what a file system may not take is percent-encoded. Needs Pillow.

    metadata  write FOLDER/train/CLASS/*.png instead, and a file with the label of each image, as the ImageFolder of Hugging
              Face's `datasets` reads them
    """
    from PIL import Image

    root = Path(folder)
    if root.exists() and any(root.iterdir()):
        raise ValueError(f"{root} is not empty: name a new folder, so that no image of another memory is among these")
    arrays = memory.memory("uint8")
    numbers = arrays.get("label_values", arrays["class_index"])
    names = dict(zip(numbers.tolist(), arrays["class_names"].tolist()))
    root = root / "train" if metadata else root
    lines = []
    for number, (image, label) in enumerate(zip(arrays["images"], arrays["labels"].tolist())):
        path = root / folder_name(names[label]) / f"{number:06}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image[0] if len(image) == 1 else np.moveaxis(image, 0, -1)).save(path)
        lines.append(json.dumps({"file_name": path.relative_to(root).as_posix(), "label": names[label]}) + "\n")
        if progress is not None:
            progress(number + 1, len(arrays["images"]))
    if metadata:
        (root / "metadata.jsonl").write_text("".join(lines), encoding="utf-8")
    return len(lines)


def folder_name(label: str) -> str:
    """Returns a name for the folder of a class that every file system takes, and no other class has."""
    name = quote(label, safe=" !#$&'()+,;=@[]^`{}")
    if name != name.strip(" ."):  # hidden, the folder itself, or a name that Windows shortens
        name = name.replace(" ", "%20").replace(".", "%2E")
    if len(name) <= _LONGEST_NAME:
        return name
    return name[: _LONGEST_NAME - 17] + "-" + blake2b(label.encode(), digest_size=8).hexdigest()


def _classes(root: Path) -> tuple[Path, list[Path]]:
    """Returns the folder that has the folders of the classes, and the pictures in these."""
    train = root / "train"
    split, own = _pictures(train, "*/**/*"), _pictures(train, "*")
    folders = (path for path in root.glob("*") if path != train and not path.name.startswith("."))
    beside = [path for folder in folders for path in _pictures(folder, "**/*")]
    others = sorted({path.relative_to(root).parts[0] for path in beside} - _SPLITS)
    if split and (others or own):
        place = f"in '{others[0]}'" if others else "directly in 'train'"
        raise ValueError(
            f"{root} has classes in the folder 'train', and pictures {place}: name"
            f" {train} to send only the former, or put all pictures of 'train' directly into it if it is a class"
        )
    is_split = train.is_dir() and not own and not others
    return (train, split) if is_split else (root, sorted(own + beside))


def _pictures(folder: Path, pattern: str) -> list[Path]:
    """Returns the pictures in a folder, but none whose path has a hidden name."""
    found = (path for path in folder.glob(pattern) if path.suffix.lower() in _PICTURES and path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _requests(pictures: list[Path]) -> Iterator[list[Path]]:
    part: list[Path] = []
    size = 0
    for path in pictures:
        size += path.stat().st_size
        if part and (size > _REQUEST_BYTES or len(part) == _TOGETHER):
            yield part
            part, size = [], path.stat().st_size
        part.append(path)
    yield part


def _send(memory: Reverie, root: Path, pictures: list[Path], sent: Sent) -> None:
    """Sends pictures in one request, or each in its own if the service refuses them together."""
    try:
        accepted, duplicates = memory.pictures(
            [path.read_bytes() for path in pictures],
            [normalize("NFC", path.relative_to(root).parts[0]) for path in pictures],
        )
        sent.accepted += accepted
        sent.duplicates += duplicates
    except Problem as problem:
        if not problem.is_refusal:
            raise
        sent.accepted += problem.accepted
        sent.duplicates += problem.duplicates
        if len(pictures) == 1:
            sent.skipped.append((str(pictures[0]), problem.detail))
            return
        is_counted = problem.accepted + problem.duplicates > 0  # then all but those that are refused again are stored
        for path in pictures:
            _send(memory, root, [path], Sent(skipped=sent.skipped) if is_counted else sent)
