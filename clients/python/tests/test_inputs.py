"""What can be sent besides arrays."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from conftest import required

required("torch")
required("PIL")

import torch  # noqa: E402
from PIL import Image  # noqa: E402

from reverie import Reverie  # noqa: E402
from service import TestService, pictures, png  # noqa: E402

COLOURED = pictures(2, channels=3)
GREY = pictures(2)
TENSOR = torch.from_numpy(COLOURED / np.float32(255))
WHOLE = torch.from_numpy(np.where(COLOURED > 127, 1.0, 0.0))  # exact in bfloat16
WHOLE_BYTES = np.where(COLOURED > 127, 255, 0).astype(np.uint8)


def picture(pixels: np.ndarray, mode: str) -> Image.Image:
    return Image.fromarray(pixels[0] if len(pixels) == 1 else np.moveaxis(pixels, 0, -1)).convert(mode)


def opened(image: Image.Image, kind: str, **options: Any) -> Image.Image:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return Image.open(file)


KEYED = np.full((1, 8, 8), 9, np.uint8)
KEYED[0, 0, 0] = 200


def transparent(mode: str) -> Image.Image:
    image = Image.new("LA", (8, 8), (200, 0))
    image.putpixel((0, 0), (200, 255))
    return image.convert(mode)


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        pytest.param(list(COLOURED), COLOURED, id="a list of arrays"),
        pytest.param(list(TENSOR), COLOURED, id="a list of tensors"),
        pytest.param(tuple(torch.from_numpy(GREY)), GREY, id="a tuple of tensors of bytes"),
        pytest.param(TENSOR.clone().requires_grad_(), COLOURED, id="a tensor with a gradient"),
        pytest.param(np.asfortranarray(COLOURED), COLOURED, id="Fortran order"),
        pytest.param(np.asfortranarray(COLOURED / 255).astype(">f8"), COLOURED, id="big-endian in Fortran order"),
        pytest.param(COLOURED.astype(">i4")[:, ::-1][:, ::-1], COLOURED, id="big-endian, not contiguous"),
        pytest.param(COLOURED[::-1, :, ::-1][::-1, :, ::-1], COLOURED, id="not contiguous"),
        pytest.param(COLOURED.astype(">u2") * 257, COLOURED, id="16 bits"),
        pytest.param(COLOURED > 127, WHOLE_BYTES, id="bool"),
        pytest.param(torch.from_numpy(COLOURED).long(), COLOURED, id="integers"),
        pytest.param(WHOLE.bfloat16(), WHOLE_BYTES, id="bfloat16"),
        pytest.param([picture(each, "RGB") for each in COLOURED], COLOURED, id="coloured pictures"),
        pytest.param([picture(each, "RGBA") for each in COLOURED], COLOURED, id="pictures with transparency"),
        pytest.param([picture(each, "L") for each in GREY], GREY, id="grey pictures"),
        pytest.param([Image.fromarray(each[0].astype(np.uint16) * 257) for each in GREY], GREY, id="pictures of 16 bits"),
        pytest.param([Image.fromarray(each[0].astype(np.int32) * 257) for each in GREY], GREY, id="16 bits as integers"),
        pytest.param([Image.fromarray(each[0].astype(np.int32)) for each in GREY], GREY, id="pictures of integers"),
        pytest.param([Image.fromarray((each[0] / 255).astype(np.float32)) for each in GREY], GREY, id="pictures of floats"),
        pytest.param([GREY[0], GREY[1].astype(np.uint16) * 257], GREY, id="8 and 16 bits"),
    ],
)
def test_images_are_sent_as_they_are(images: Any, expected: np.ndarray) -> None:
    with TestService() as service:
        Reverie(service.url).samples(images, [torch.tensor(3), torch.tensor(7)])

        assert np.array_equal(np.concatenate([service.images["3"], service.images["7"]]), expected)


def test_an_array_of_arrays_is_a_list_of_images() -> None:
    different = np.empty(2, object)
    different[:] = [GREY[0], COLOURED[0]]

    with TestService() as service:
        Reverie(service.url).samples(different, [3, 7])

        assert np.array_equal(service.images["3"][0], GREY[0])
        assert np.array_equal(service.images["7"][0], COLOURED[0])


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_dark_files_of_16_bits_stay_dark(kind: str) -> None:
    with TestService() as service:
        Reverie(service.url).samples(opened(Image.fromarray(np.full((8, 8), 255, np.uint16)), kind), 3)

        assert np.array_equal(service.images["3"], np.ones((1, 1, 8, 8)))


@pytest.mark.parametrize(
    ("image", "channels"),
    [
        pytest.param(transparent("LA"), 1, id="grey with alpha"),
        pytest.param(transparent("RGBA"), 3, id="colour with alpha"),
        pytest.param(opened(picture(KEYED, "L"), "PNG", transparency=9), 1, id="a key"),
        pytest.param(opened(transparent("RGBA").quantize(), "PNG"), 3, id="a palette"),
    ],
)
def test_transparent_pixels_are_sent_as_black(image: Image.Image, channels: int) -> None:
    with TestService() as service:
        Reverie(service.url).samples(image, 3)

        expected = np.zeros((channels, 8, 8))
        expected[:, 0, 0] = 200
        assert np.array_equal(service.images["3"], expected[None])


@pytest.mark.parametrize("images", [["a.png", "b.png"], np.ones((2, 1, 4, 4), complex), [None, None]])
def test_what_is_no_image_is_refused(images: Any) -> None:
    with pytest.raises(ValueError, match="images are arrays of real numbers, tensors or pictures of Pillow, not"):
        Reverie("http://127.0.0.1:1").samples(images, [3, 7])


def test_a_label_may_be_a_tensor_or_bytes_in_every_call() -> None:
    three, seven = torch.tensor([3, 7])
    with TestService() as service:
        memory = Reverie(service.url)
        memory.pictures([png(each[None]) for each in GREY], torch.tensor([3, 7]))
        assert list(service.images) == ["3", "7"]

        with memory.local(3600) as copy:
            for _, labels, names in (memory.sample(4, classes=[seven]), copy.sample(4, classes=[seven])):
                assert {names[number] for number in labels.tolist()} == {"7"}
        assert memory.wait(three, "collecting", timeout=0)["label"] == "3"
        assert memory.merge(three, into=b"7") == (1, 0)
        memory.forget(seven)
        assert not service.images


def test_a_single_picture_has_a_single_label() -> None:
    with TestService() as service:
        assert Reverie(service.url).samples(picture(GREY[0], "L"), "cat") == (1, 0)
        assert np.array_equal(service.images["cat"], GREY[:1])


@pytest.mark.parametrize("images", [COLOURED - 1000.0, COLOURED.astype(np.int64) * 2, np.full((2, 8, 8), np.nan)])
def test_images_that_are_neither_bytes_nor_from_0_to_1_are_refused(images: np.ndarray) -> None:
    with TestService() as service, pytest.raises(ValueError, match="send floats from 0 to 1"):
        Reverie(service.url).samples(images, [3, 7])
