"""Every kind of file a user may hand over gives the right grey page or one clear line."""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from omr import images
from omr.errors import InputError
from omr.images import load_pages

INK = np.full((60, 80), 255, np.uint8)
INK[10:20, 5:30] = 0  # a black bar at the top left tells every rotation apart


def page(path: Path) -> np.ndarray:
    pages = list(load_pages(path))
    assert len(pages) == 1 and pages[0].number == 1 and pages[0].source == path.name
    grey = pages[0].grey
    assert grey.dtype == np.uint8 and grey.ndim == 2
    return grey


def rgba() -> Image.Image:
    """Black everywhere, and opaque on the ink alone."""
    return Image.fromarray(np.dstack([np.zeros_like(INK)] * 3 + [255 - INK]), "RGBA")


def palette_with_transparency() -> Image.Image:
    image = Image.fromarray((INK > 0).astype(np.uint8), "P")
    image.putpalette([0, 0, 0, 10, 10, 10])
    image.info["transparency"] = 1
    return image


@pytest.mark.parametrize(
    "name, image",
    [
        ("grey.png", Image.fromarray(INK)),
        ("colour.png", Image.fromarray(INK).convert("RGB")),
        ("sixteen.png", Image.fromarray(INK.astype(np.uint16) * 257)),
        ("sixteen.tif", Image.fromarray(INK.astype(np.uint16) * 257)),
        ("float.tif", Image.fromarray(INK.astype(np.float32) / 255)),
        ("one_bit.png", Image.fromarray(INK).convert("1")),
        ("one_bit.tif", Image.fromarray(INK).convert("1")),
        ("palette.png", Image.fromarray(INK).convert("P")),
        ("palette_clear.png", palette_with_transparency()),
        ("alpha.png", rgba()),
        ("grey_alpha.png", rgba().convert("LA")),
        ("cmyk.tif", Image.fromarray(INK).convert("RGB").convert("CMYK")),
        ("wrong_suffix.jpg", None),
    ],
)
def test_each_kind_of_image_gives_the_same_grey_page(
    tmp_path: Path, name: str, image: Image.Image | None
) -> None:
    path = tmp_path / name
    if image is None:
        Image.fromarray(INK).save(path, "PNG")
    else:
        options = {"transparency": 1} if name == "palette_clear.png" else {}
        image.save(path, **options)
    assert np.array_equal(page(path), INK)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_in_every_colour_space(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "photo.jpg"
    Image.fromarray(INK).convert("RGB").convert(mode).save(path, quality=95)
    assert np.abs(page(path).astype(int) - INK).max() < 30


@pytest.mark.parametrize("orientation, turns", [(3, 2), (6, 3), (8, 1)])
def test_exif_rotation_is_applied(tmp_path: Path, orientation: int, turns: int) -> None:
    path = tmp_path / "phone.jpg"
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(INK).save(path, quality=95, exif=exif)
    assert np.abs(page(path).astype(int) - np.rot90(INK, turns)).max() < 30


def test_all_pages_of_a_tiff(tmp_path: Path) -> None:
    path = tmp_path / "book.tiff"
    frames = [Image.fromarray(np.full((40, 50 + i), 50 * i, np.uint8)) for i in range(3)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    pages = list(load_pages(path))
    assert [p.number for p in pages] == [1, 2, 3]
    assert [p.grey.shape for p in pages] == [(40, 50), (40, 51), (40, 52)]
    assert [int(p.grey[0, 0]) for p in pages] == [0, 50, 100]


def test_pages_of_a_pdf_are_rendered_at_the_resolution_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "score.pdf"
    frames = [Image.fromarray(np.kron(INK, np.ones((4, 4), np.uint8))).convert("RGB")] * 2
    frames[0].save(path, save_all=True, append_images=frames[1:], resolution=100)
    first, second = load_pages(path, dpi=50)
    assert (first.number, second.number) == (1, 2)
    assert np.abs(np.subtract(first.grey.shape, (120, 160))).max() <= 1
    assert first.grey[30, 30] < 20 and first.grey[100, 100] > 235


def test_a_huge_pdf_page_is_rendered_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "poster.pdf"
    Image.fromarray(INK).convert("RGB").resize((800, 600)).save(path, resolution=72)
    monkeypatch.setattr(images, "MAX_RENDERED_PIXELS", 120_000)
    (only,) = load_pages(path)
    assert 110_000 < only.grey.size < 130_000


def jpeg_bytes() -> bytes:
    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (200, 200), np.uint8)
    Image.fromarray(noise).save(buffer, "JPEG")
    return buffer.getvalue()


def png_bytes(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (width, height), 1).save(buffer, "PNG")
    return buffer.getvalue()


LOCKED_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/O<OWNER>/U<USER>/P -4>>endobj
trailer<</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[<00><00>]>>
""".replace(b"OWNER", b"11" * 32).replace(b"USER", b"22" * 32)


@pytest.mark.parametrize(
    "name, content, complaint",
    [
        ("empty.png", b"", "is empty"),
        ("text.png", b"Dear all,\nplease find attached\n", "is not a PNG, JPEG, WebP, BMP, TIFF or PDF"),
        ("song.mp3", b"ID3\x03\x00" + bytes(5000), "is not a PNG, JPEG, WebP, BMP, TIFF or PDF"),
        ("cut.jpg", jpeg_bytes()[:4000], "broken or cut short"),
        ("cut.png", png_bytes(3000, 3000)[:300], "broken or cut short"),
        ("dot.png", png_bytes(1, 1), "only 1 x 1 pixels"),
        ("strip.png", png_bytes(4000, 10), "only 4000 x 10 pixels"),
        ("large.png", png_bytes(12_500, 10_000), "million pixels"),
        ("bomb.png", png_bytes(60_000, 10_000), "million pixels"),
        ("broken.pdf", b"%PDF-1.7\nnothing else", "broken PDF"),
        ("locked.pdf", LOCKED_PDF, "password"),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path: Path, name: str, content: bytes, complaint: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        list(load_pages(path))
    message = str(caught.value)
    assert complaint in message and name in message and "\n" not in message


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(load_pages(tmp_path / "nowhere.png"))
    with pytest.raises(InputError, match="is a folder"):
        list(load_pages(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="not an ordinary file"):
        list(load_pages(tmp_path / "pipe"))


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_deep_grey_is_scaled_by_the_bits_in_use(bits, tmp_path):
    deep = INK.astype(np.uint16) << (bits - 8)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    for source in (tmp_path / "deep.png", deep):
        (page,) = load_pages(source)
        np.testing.assert_array_equal(page.grey, INK)
