"""A score file in, grey pages out: PNG, JPEG, TIFF with any number of pages, and PDF."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from omr.errors import InputError
from omr.page import Ink

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MAX_PIXELS = 120_000_000
"""The largest page accepted: A3 at 600 dpi has 70 million pixels."""

MAX_RENDERED_PIXELS = 40_000_000
"""A larger PDF page is rendered at a lower resolution: many scans are wrapped one pixel a point."""

MIN_SIDE = 32
"""The shortest side, in pixels, on which a staff could be seen at all."""

FORMATS = ("PNG", "JPEG", "TIFF")

INK_STAFF_SPACE = 16.0
"""Staff space, in pixels, of the reduced picture that the notation stage reads.

On eleven scanned pieces the note F1 differs by at most 0.002 from that with the full picture; with 12 pixels
by 0.003.
"""

INK_LEVELS = 16
"""Grey levels of the reduced picture: PNG stores them in 4 bits."""


@dataclass(frozen=True, eq=False)
class PageImage:
    """One page as it came out of a file.

    Attributes
    ----------
    grey : array (height, width) of uint8
        0 is black, 255 white.
    source : str
        Name of the file, without its folder.
    number : int
        Which page of the file, from 1.
    """

    grey: NDArray[np.uint8]
    source: str
    number: int = 1


def load_pages(path: str | Path, dpi: int = 300) -> Iterator[PageImage]:
    """Read the pages of a file one after the other.

    The content of the file decides how it is read, not its suffix. Alpha is
    composited on white, colour becomes luminance, 16 bits become 8, and the
    rotation that a camera noted in EXIF is applied.

    Parameters
    ----------
    path : str or Path
        A PNG, JPEG, TIFF or PDF file.
    dpi : int
        Resolution at which the pages of a PDF are rendered, less for pages of
        more than `MAX_RENDERED_PIXELS`.

    Yields
    ------
    PageImage
        From first to last; nothing is decoded before it is asked for.

    Raises
    ------
    InputError
        When the file is missing, empty, broken, locked, of another type, or a
        page is too small or too large.
    """
    path = Path(path)
    pages = _pdf_pages(path, dpi) if _is_pdf(path) else _image_pages(path)
    for number, grey in enumerate(pages, start=1):
        yield PageImage(grey, path.name, number)


def _is_pdf(path: Path) -> bool:
    """Look at the first bytes, after making sure that there are any."""
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give the files in it")
    if not path.exists():
        raise InputError(f"{path}: no such file; check the name")
    if not path.is_file():
        raise InputError(f"{path}: is not an ordinary file; give an image or a PDF")
    try:
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check its permissions") from error
    if not head:
        raise InputError(f"{path}: is empty; export or scan it again")
    return b"%PDF-" in head  # readers accept some bytes before the header


def _image_pages(path: Path) -> Iterator[NDArray[np.uint8]]:
    try:
        with _quietly_open(path) as image:
            frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            for frame in range(frames):
                image.seek(frame)
                _check_size(path, *image.size)
                yield _grey(image)
    except (InputError, GeneratorExit):
        raise
    except UnidentifiedImageError as error:
        raise InputError(
            f"{path}: is not a PNG, JPEG, TIFF or PDF file; convert it to one of these"
        ) from error
    except Image.DecompressionBombError as error:
        raise InputError(f"{path}: {_TOO_LARGE}") from error
    except Exception as error:  # decoders raise anything on broken files
        raise InputError(
            f"{path}: is broken or cut short ({_one_line(error)}); export or scan it again"
        ) from error


_TOO_LARGE = f"is larger than {MAX_PIXELS // 1_000_000} million pixels; scale it down"


def _quietly_open(path: Path) -> Image.Image:
    """Open without Pillow's warning about large images: they have a limit of their own here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(path, formats=FORMATS)


def _check_size(path: Path, width: int, height: int) -> None:
    if min(width, height) < MIN_SIDE:
        raise InputError(
            f"{path}: is only {width} x {height} pixels; a page needs {MIN_SIDE} at least each way"
        )
    if width * height > MAX_PIXELS:
        raise InputError(f"{path}: {_TOO_LARGE}")


def _grey(image: Image.Image) -> NDArray[np.uint8]:
    """One frame as luminance on white, upright; array (height, width) of uint8."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        return (np.asarray(image) >> 8).astype(np.uint8)
    if image.mode in ("I", "F"):
        return _scaled(np.asarray(image, dtype=np.float64))
    if image.mode == "LAB":
        image = image.getchannel(0)
    elif image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    elif image.mode == "CMYK":
        image = image.convert("RGB")
    return np.array(image.convert("L"))


def _scaled(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Numbers without a stated range to 0..255: the smallest usual range that holds them all."""
    highest = float(np.nan_to_num(values).max(initial=0.0))
    white = next((limit for limit in (1.0, 255.0, 65535.0) if highest <= limit), highest)
    return np.clip(np.nan_to_num(values) * (255.0 / white), 0, 255).astype(np.uint8)


def _pdf_pages(path: Path, dpi: int) -> Iterator[NDArray[np.uint8]]:
    import pypdfium2 as pdfium
    import pypdfium2.raw as pdfium_c

    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise InputError(f"{path}: is locked with a password; save it without one") from error
        raise InputError(f"{path}: is a broken PDF ({_one_line(error)}); export it again") from error
    try:
        if len(document) == 0:
            raise InputError(f"{path}: is a PDF without pages; export it again")
        for page in document:
            yield _rendered(path, page, dpi)
    except pdfium.PdfiumError as error:
        raise InputError(f"{path}: is a broken PDF ({_one_line(error)}); export it again") from error
    finally:
        document.close()


def _rendered(path: Path, page: PdfPage, dpi: int) -> NDArray[np.uint8]:
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise InputError(f"{path}: has a page without size; export it again")
    scale = min(dpi / 72, (MAX_RENDERED_PIXELS / (width * height)) ** 0.5)
    _check_size(path, round(width * scale), round(height * scale))
    grey = page.render(scale=scale, grayscale=True).to_numpy()
    return np.array(grey.reshape(grey.shape[:2]), dtype=np.uint8)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def resize(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A grey image at another (width, height).

    Area means where it shrinks, so that thin lines fade rather than vanish.

    Training crops and whole pages must both come through here, or the net meets
    lines in use that it never saw in training.
    """
    import cv2

    how = cv2.INTER_AREA if size[0] < image.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, size, interpolation=how), np.uint8)


def reduce_ink(image: NDArray[np.uint8], space: float) -> Ink:
    """Reduce a page's picture to what the notation stage reads.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.
    space : float
        Staff space in pixels of `image`.

    Returns
    -------
    Ink
        With a staff space of `INK_STAFF_SPACE` pixels, or that of `image` if it is smaller.
    """
    scale = min(1.0, INK_STAFF_SPACE / space)
    height, width = image.shape
    small = resize(image, (max(1, round(width * scale)), max(1, round(height * scale))))
    step = 255 // (INK_LEVELS - 1)
    return Ink((np.rint(small / np.float32(step)) * step).astype(np.uint8), scale)


def ink_mask(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where a grey image (height, width) is dark and 0 elsewhere, by Otsu's threshold."""
    import cv2

    return np.asarray(cv2.threshold(image, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1], np.uint8)
