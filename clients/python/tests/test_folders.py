"""Folders of pictures, and the command that sends and writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conftest import required
from reverie import Reverie, folders
from reverie.cli import main
from service import TestService, pictures

required("PIL")
required("torch")

from PIL import Image  # noqa: E402

from reverie.torch import tensor_dataset  # noqa: E402

AWKWARD = ["T-shirt/top", "..", ".hidden", "50%", "a:b", "tench, Tinca tinca", "日本", "C++", "CON.", "x" * 256, "x" * 255]


def written(folder: Path, count: int = 4) -> Path:
    """Writes pictures of two classes, one of them in a deeper folder, and files that are no pictures."""
    for i, pixels in enumerate(pictures(count)):
        path = folder / ("bag" if i % 2 else "shoe/left") / f"{i}.PNG"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels[0]).save(path, "PNG")
    (folder / "bag" / "Thumbs.db").write_bytes(b"x")
    (folder / "README.md").write_text("x")
    return folder


@pytest.mark.parametrize("split", ["", "train"])
def test_the_pictures_of_a_folder_are_sent_with_the_names_of_their_classes(tmp_path: Path, split: str) -> None:
    written(tmp_path / split)
    shown: list[tuple[int, int]] = []
    with TestService() as service:
        sent = folders.send(Reverie(service.url), tmp_path, lambda *state: shown.append(state))

        assert (sent.accepted, sent.duplicates, sent.skipped) == (4, 0, [])
        assert {label: len(images) for label, images in service.images.items()} == {"bag": 2, "shoe": 2}
        assert shown[-1] == (4, 4) and len(service.sizes) == 1


def test_a_picture_that_is_refused_is_skipped_and_named(tmp_path: Path) -> None:
    damaged = written(tmp_path) / "bag" / "damaged.jpg"
    damaged.write_bytes(b"no picture")
    with TestService() as service:
        sent = folders.send(Reverie(service.url), tmp_path)

    assert sent.accepted == 4
    assert sent.skipped == [(str(damaged), "because image-invalid")]


def test_what_a_request_stored_before_its_pictures_were_sent_again_is_counted_once(tmp_path: Path) -> None:
    written(tmp_path, 6)
    with TestService() as service:
        service.sealed = {"shoe"}
        sent = folders.send(Reverie(service.url), tmp_path)
        assert (sent.accepted, sent.duplicates, len(sent.skipped)) == (3, 0, 3)

        again = folders.send(Reverie(service.url), tmp_path)
        assert (again.accepted, again.duplicates, len(again.skipped)) == (0, 3, 3)


def test_hidden_names_are_passed_over_and_jfif_is_not(tmp_path: Path) -> None:
    written(tmp_path)
    for i, name in enumerate([".ipynb_checkpoints/a.png", "bag/.ipynb_checkpoints/b.png", "bag/._c.png", "bag/d.jfif"]):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.fromarray(pictures(1, seed=9 + i)[0, 0]).save(tmp_path / name, "PNG")
    with TestService() as service:
        folders.send(Reverie(service.url), tmp_path)

        assert {label: len(images) for label, images in service.images.items()} == {"bag": 3, "shoe": 2}


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["train/0.png", "plane/1.png"], {"train", "plane"}),
        (["train/cat/0.png", "train/dog/1.png", "val/cat/2.png", "validation/dog/3.png"], {"cat", "dog"}),
    ],
)
def test_a_folder_named_train_is_a_class_if_pictures_are_directly_in_it(tmp_path: Path, names: list[str], labels: set[str]) -> None:
    for name, pixels in zip(names, pictures(len(names))):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels[0]).save(tmp_path / name)
    (tmp_path / "empty" / "train").mkdir(parents=True)
    with TestService() as service:
        folders.send(Reverie(service.url), tmp_path)

        assert set(service.images) == labels


@pytest.mark.parametrize(("other", "place"), [("bag/0.png", "in 'bag'"), ("train/overview.png", "directly in 'train'")])
def test_a_folder_named_train_that_may_be_a_class_or_a_split_is_reported(tmp_path: Path, other: str, place: str) -> None:
    written(tmp_path / "train")
    (tmp_path / other).parent.mkdir(exist_ok=True)
    Image.fromarray(pictures(1)[0, 0]).save(tmp_path / other)
    with pytest.raises(ValueError, match=f"'train', and pictures {place}: name .*train to send only the former, or put"):
        folders.send(Reverie("http://127.0.0.1:1"), tmp_path)


def test_classes_may_be_links_to_folders(tmp_path: Path) -> None:
    written(tmp_path / "elsewhere")
    (tmp_path / "set/train").mkdir(parents=True)
    (tmp_path / "set/train/cat").symlink_to(tmp_path / "elsewhere/bag")
    with TestService() as service:
        folders.send(Reverie(service.url), tmp_path / "set")

        assert set(service.images) == {"cat"}


def test_a_folder_without_pictures_is_reported(tmp_path: Path) -> None:
    with TestService() as service, pytest.raises(ValueError, match="no pictures in folders of classes"):
        folders.send(Reverie(service.url), tmp_path)


def test_every_class_has_a_folder_of_its_own_inside_the_exported_one() -> None:
    names = [folders.folder_name(label) for label in AWKWARD]

    assert len(set(names)) == len(names)
    for name in names:
        assert Path(name).name == name and name not in (".", "..") and len(name) <= 100
        assert not set(name) & set('<>:"/\\|?*') and name == name.strip(" .") and name.isascii()
    assert folders.folder_name("T-shirt/top") == "T-shirt%2Ftop"


@pytest.mark.parametrize("channels", [1, 3])
def test_an_exported_folder_has_the_images_of_the_memory(service: TestService, tmp_path: Path, channels: int) -> None:
    images = pictures(4, channels)
    service.add(images, ["T-shirt/top", "bag", "T-shirt/top", "bag"])

    assert folders.export(Reverie(service.url), tmp_path / "plain") == 4
    assert folders.export(Reverie(service.url), tmp_path / "hub", metadata=True) == 4

    found = sorted((tmp_path / "plain").glob("*/*.png"))
    assert [path.parent.name for path in found] == ["T-shirt%2Ftop"] * 2 + ["bag"] * 2
    pixels = np.stack([np.asarray(Image.open(path)).reshape(8, 8, channels) for path in found])
    assert np.array_equal(pixels, np.moveaxis(images[[0, 2, 1, 3]], 1, -1))
    lines = [json.loads(line) for line in (tmp_path / "hub/train/metadata.jsonl").read_text().splitlines()]
    assert [line["label"] for line in lines] == ["T-shirt/top"] * 2 + ["bag"] * 2
    assert all((tmp_path / "hub/train" / line["file_name"]).is_file() for line in lines)
    with pytest.raises(ValueError, match="is not empty: name a new folder"):
        folders.export(Reverie(service.url), tmp_path / "plain")


def test_a_memory_becomes_a_dataset_of_tensors(service: TestService) -> None:
    service.add(pictures(2), ["shoe", "bag"])
    dataset = tensor_dataset(Reverie(service.url), target={"shoe": 5, "bag": 9}.__getitem__)

    assert [label.item() for _, label in dataset] == [5, 9]
    assert np.allclose(dataset.tensors[0].numpy() * 255, pictures(2))


def test_the_command_sends_shows_samples_and_exports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "sent")
    with TestService() as service:
        to = ["--to", service.url.removeprefix("http://")]
        assert main(["send", str(tmp_path / "sent"), *to]) == 0
        assert main(["sample", str(tmp_path / "batch.npz"), "-n", "6", "--class", "bag", "--seed", "1", *to]) == 0
        last = {"origin": "cat\x1b[2J", "detail": "it is cut", "at": "2026-01-01T12:00:00Z"}
        passed_over = {"origin": "a.txt, b.txt", "detail": "convert or remove them", "at": "2026-01-01T12:00:00Z"}
        service.refusals = {
            "refused": [
                {"source": "http", "reason": "image-invalid", "samples": 2, "last": last},
                {"source": "file", "reason": "passed-over", "samples": 2, "last": passed_over},
            ]
        }
        assert main(["status", *to]) == 0
        assert main(["export", str(tmp_path / "out"), "--huggingface", *to]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "4 accepted, 0 duplicates, 0 skipped",
        f"6 images of 1 classes in {tmp_path / 'batch.npz'}",
        "class  phase       samples",
        "bag    distilling        2",
        "shoe   distilling        2",
        r"2 refused in the last hour (http, image-invalid), the last one cat\x1b[2J: it is cut",
        "2 files of the watched folder are passed over: a.txt, b.txt: convert or remove them",
        f"4 images in {tmp_path / 'out'}",
    ]
    with np.load(tmp_path / "batch.npz") as batch:
        assert batch["images"].shape == (6, 1, 8, 8) and set(batch["names"]) == {"bag"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["status", "--to", "http://127.0.0.1:1"], "does not answer"), (["send", "/nowhere"], "no pictures")],
)
def test_the_command_reports_an_error_in_a_line(arguments: list[str], message: str, capsys: Any) -> None:
    assert main(arguments) == 1

    error = capsys.readouterr().err
    assert error.startswith("reverie-client: ") and message in error and error.count("\n") == 1


def test_the_command_has_a_token_from_a_file_and_names_what_was_skipped(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "token").write_text("abc\n")
    written(tmp_path / "sent")
    (tmp_path / "sent/bag/damaged.png").write_bytes(b"x")
    with TestService() as service:
        assert main(["send", str(tmp_path / "sent"), "--to", service.url, "--token-file", str(tmp_path / "token")]) == 0
        assert set(service.tokens) == {"Bearer abc"}

    assert "damaged.png: because image-invalid" in capsys.readouterr().err
