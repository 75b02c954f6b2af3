"""Cut and spliced JPEGs are refused, whole ones of any colour are not: Pillow tells neither."""

from __future__ import annotations

import random
from functools import cache

import pytest
from PIL import Image

from app.core.errors import PictureDamaged
from app.images import normalise
from tests.images.painter import encoded, opened, scene

END = b"\xff\xd9"
SIZES = ((320, 240), (323, 241), (160, 400))
VARIANTS = [
    pytest.param(seed, subsampling, restarts, optimize, id=f"{seed}-{('444', '422', '420')[subsampling]}-rst{restarts}")
    for seed, optimize in ((0, False), (1, True), (2, False))
    for subsampling in (0, 1, 2)
    for restarts in (0, 30)
]


@cache
def photo(seed: int, subsampling: int, restarts: int, optimize: bool) -> bytes:
    image = scene(SIZES[seed], seed)
    return encoded(image, quality=80, subsampling=subsampling, restart_marker_blocks=restarts, optimize=optimize)


def is_refused(upload: bytes) -> bool:
    try:
        normalise(upload)
    except PictureDamaged:
        return True
    return False


@pytest.mark.parametrize(("seed", "subsampling", "restarts", "optimize"), VARIANTS)
def test_a_cut_picture_is_refused_however_its_end_is_dressed(
    seed: int, subsampling: int, restarts: int, optimize: bool
) -> None:
    whole = photo(seed, subsampling, restarts, optimize)
    dice = random.Random(seed)
    for _ in range(3):
        cut = dice.randrange(700, len(whole) - 150)
        lost = len(whole) - cut
        ends = (b"", END, bytes(lost), bytes(lost) + END, bytes(-cut % 4096), b"\xff" * lost, b"\xff")
        assert all(is_refused(whole[:cut] + end) for end in ends), cut


@pytest.mark.parametrize(("seed", "subsampling", "restarts", "optimize"), VARIANTS)
def test_a_whole_picture_is_accepted_however_its_end_is_dressed(
    seed: int, subsampling: int, restarts: int, optimize: bool
) -> None:
    whole = photo(seed, subsampling, restarts, optimize)
    bare = whole.removesuffix(END)
    ends = (
        END,
        b"",
        END + bytes(4096),
        bytes(4096),
        bytes(4096) + END,
        b"\xff" * 4096,
        END + b"\r\n--boundary--",
        b"\xff",
    )
    for end in ends:
        assert normalise(bare + end).jpeg == whole, end[:4]


def test_two_pictures_spliced_at_a_second_start_are_refused() -> None:
    first, second = (photo(seed, 2, 0, False) for seed in (0, 1))
    for cut in range(700, len(first) - 150, 1500):
        assert is_refused(first[:cut] + second)


def test_a_splice_that_lacks_data_is_refused() -> None:
    first, second = encoded(scene((320, 240), 1), quality=85), encoded(scene((320, 240), 2), quality=85)
    for part in (0.2, 0.4, 0.6, 0.8):
        at, back = int(len(first) * part), int(len(second) * (part + 0.15))
        assert is_refused(first[:at] + second[back:])


def test_a_header_put_on_twice_is_refused() -> None:
    whole = photo(0, 2, 0, False)
    header = whole[: whole.index(b"\xff\xda") + 14]
    assert is_refused(header + whole)


def test_a_lost_restart_segment_is_refused() -> None:
    whole = photo(0, 2, 30, False)
    first, second = whole.index(b"\xff\xd1"), whole.index(b"\xff\xd2")
    assert is_refused(whole[:first] + whole[second:])
    assert is_refused(whole[:second] + b"\xff\xd2" + whole[second:])


def test_240_grey_pictures_raise_no_false_alarm() -> None:
    refused = []
    for seed in range(60):
        image = scene((200, 120 + seed), seed) if seed % 2 else Image.new("RGB", (100 + seed * 3, 90), (128, 128, 128))
        image.paste((128, 128, 128), (0, seed, image.width, image.height))
        for quality in (40, 90):
            jpeg = encoded(image, quality=quality, subsampling=seed % 3, optimize=seed % 5 == 0)
            refused += [seed for upload in (jpeg, jpeg.removesuffix(END)) if is_refused(upload)]
    assert not refused


def test_flat_pictures_whose_data_is_all_zeros_are_whole() -> None:
    for grey in range(0, 256, 15):
        for optimize in (False, True):
            jpeg = encoded(Image.new("RGB", (720, 720), (grey,) * 3), optimize=optimize)
            assert normalise(jpeg).jpeg == jpeg


@pytest.mark.parametrize("subsampling", [0, 2])
def test_a_progressive_picture_needs_no_end_marker_but_its_data(subsampling: int) -> None:
    whole = encoded(scene((320, 240)), progressive=True, subsampling=subsampling)
    assert normalise(whole.removesuffix(END)).jpeg == whole
    refused = [is_refused(whole[:cut]) for cut in range(700, len(whole) - 150, 997)]
    assert sum(refused) >= len(refused) - 1  # a cut exactly between two scans leaves a coarser picture


def test_only_the_first_of_two_joined_pictures_leaves() -> None:
    first, second = (photo(seed, 2, 0, False) for seed in (0, 1))
    assert normalise(first + second).jpeg == first
    assert opened(first).size == SIZES[0]
