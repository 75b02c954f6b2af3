"""Dark, white and blurred frames stand apart in the measures; low contrast and banding do not look like them."""

from __future__ import annotations

import statistics
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from app.core.frame import GRID_SIDE, Measures
from app.images import normalise
from tests.images.painter import encoded, quarters, scene, texture

FOLDER = Path(__file__).parents[1] / "data" / "images"


def measured(image: Image.Image) -> Measures:
    return normalise(encoded(image, quality=85)).measures


def grid_spread(measures: Measures) -> float:
    """Standard deviation of the grid's green: contrast in the large, which blur leaves and fog takes."""
    return statistics.pstdev(measures.grid[1::3])


def is_dark(m: Measures) -> bool:
    return m.brightness < 10 and m.dark_share >= 0.95 and m.sharpness < 15


def is_white(m: Measures) -> bool:
    return m.bright_share >= 0.95 and m.sharpness < 15


def is_blurred(m: Measures) -> bool:
    return m.sharpness < 6 and grid_spread(m) >= 15


def test_a_black_frame_is_dark_and_banding_is_nothing_of_the_kind() -> None:
    assert is_dark(normalise((FOLDER / "frame_black.jpg").read_bytes()).measures)
    banding = normalise((FOLDER / "frame_pink_lines.jpg").read_bytes()).measures
    assert not any((is_dark(banding), is_white(banding), is_blurred(banding)))


def test_an_overexposed_frame_is_white_and_a_page_of_text_is_not() -> None:
    page = Image.new("RGB", (720, 720), "white")
    assert is_white(measured(page))
    draw = ImageDraw.Draw(page)
    for y in range(40, 300, 40):
        draw.text((60, y), "Gleis 7 nach Ulm 14:32, one stop before the end", fill="black")
    assert not is_white(measured(page))
    assert not is_dark(measured(page.point(lambda value: 255 - value)))


def test_a_heavy_blur_is_blurred_and_the_same_scene_is_not() -> None:
    image = scene()
    assert not is_blurred(measured(image))
    assert measured(image).sharpness > 150
    assert is_blurred(measured(image.filter(ImageFilter.GaussianBlur(8))))


def test_low_contrast_plain_walls_and_dim_rooms_are_neither_blurred_nor_dark() -> None:
    wall = Image.merge("RGB", [Image.blend(Image.new("L", (720, 720), 170), texture((720, 720), 5), 0.06)] * 3)
    dim = scene().point(lambda value: value // 4)
    for image in (wall, dim, ImageEnhance.Contrast(scene()).enhance(0.15), Image.new("RGB", (720, 720), (90, 90, 90))):
        measures = measured(image)
        assert not any((is_dark(measures), is_white(measures), is_blurred(measures)))


def test_the_border_does_not_count_as_sharpness() -> None:
    assert measured(Image.new("RGB", (720, 720), (90, 90, 90))).sharpness == 0


def test_the_grid_is_32_by_32_rgb_row_by_row() -> None:
    for upload in (encoded(quarters((720, 720))), encoded(quarters((720, 720)), "PNG"), encoded(quarters((700, 300)))):
        grid = normalise(upload).measures.grid
        assert len(grid) == GRID_SIDE * GRID_SIDE * 3
        corners = {"red": grid[0:3], "green": grid[93:96], "blue": grid[-96:-93]}
        for colour, expected in (("red", (220, 30, 30)), ("green", (30, 180, 60)), ("blue", (40, 70, 210))):
            assert max(abs(a - b) for a, b in zip(corners[colour], expected, strict=True)) < 8


def test_a_draft_measures_what_a_full_decode_measures() -> None:
    image = scene()
    draft, full = measured(image), normalise(encoded(image, "PNG")).measures
    assert abs(draft.brightness - full.brightness) < 1.5
    assert max(abs(a - b) for a, b in zip(draft.grid, full.grid, strict=True)) <= 12  # of 255: under the gate's 6 %
    assert 0.5 < draft.sharpness / full.sharpness < 1.5


def test_shares_and_brightness_are_shares_and_luma() -> None:
    image = Image.new("RGB", (720, 720), (0, 0, 0))
    image.paste((255, 255, 255), (0, 0, 720, 180))
    measures = measured(image)
    assert abs(measures.bright_share - 0.25) < 0.01
    assert abs(measures.dark_share - 0.75) < 0.01
    assert abs(measures.brightness - 63.75) < 1
