"""Everything that holds pages of music to grey pages: image and PDF files, bytes, arrays, PIL images."""

from __future__ import annotations

import io
import os
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from omr.errors import InputError
from omr.page import Ink

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

Source: TypeAlias = str | os.PathLike[str] | bytes | IO[bytes] | NDArray[Any] | Image.Image
"""What a page or pages can be read from, see `load_pages`."""

MAX_PIXELS = 120_000_000
"""The largest page accepted: A3 at 600 dpi has 70 million pixels."""

MAX_RENDERED_PIXELS = 40_000_000
"""A larger PDF page is rendered at a lower resolution: many scans are wrapped one pixel a point."""

MIN_SIDE = 32
"""The shortest side, in pixels, on which a staff could be seen at all."""

MAX_SIDE = 30_000
"""The longest side accepted, in pixels: A3 at 1200 dpi has 19,843. Profiles along a longer side take
gigabytes."""

MAX_FRAMES = 10_000
"""Pages of one file at most: the thickest volumes have 2,000."""

FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP")
"""Image formats that are read, by Pillow's names; HEIF too where the package pillow-heif is installed."""

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".heic", ".heif", ".pdf")
"""Ends of the names of files with pages, as looked for in folders. A file that is named is read by its
content, whatever its suffix."""

PageNumbers: TypeAlias = Sequence[tuple[int, int]]
"""First and last number of each range of pages, from 1; no ranges mean all pages."""

INK_STAFF_SPACE = 20.0
"""Staff space, in pixels, of the reduced picture that the notation stage reads.

Source: five scanned pieces of 9,000 notes; against the full picture the note F1 falls by 0.0007 with
16 pixels, by 0.0002 with 20 and by 0.0001 with 24.
"""

INK_LEVELS = 16
"""Grey levels of the reduced picture: PNG stores them in 4 bits."""

_NUMBERED = re.compile(r"(?P<path>.+)\[(?P<pages>[\d\s,-]+)\]", re.DOTALL)
"""A path that ends in page numbers."""

_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM", b"RIFF")
"""First bytes of the formats of images: a file that has them and can't be opened is broken."""

_MAX_POINTS = 1e6
"""Longest side of a PDF page in points (352 m): viewers allow 14,400."""

_HEADER = 1024
"""Bytes at the start of a file in which a PDF's header is looked for: readers accept some bytes before it."""


@dataclass(frozen=True, eq=False)
class PageImage:
    """One page as it came out of its source.

    Attributes
    ----------
    grey : array (height, width) of uint8
        0 is black, 255 white.
    source : str
        Name of the file, without its folder; "array", "image", "bytes" or "file" for a source without name.
    number : int
        Which page of the file, from 1; arrays, images, bytes and files in a list are numbered on.
    """

    grey: NDArray[np.uint8]
    source: str
    number: int = 1


def load_pages(
    source: Source | Sequence[Source],
    dpi: int = 300,
    *,
    pages: PageNumbers = (),
    broken: Callable[[InputError], object] | None = None,
) -> Iterator[PageImage]:
    """Read pages one after the other.

    The content of a file decides how it is read, not its suffix. Alpha is composited on white, colour
    becomes luminance, 16 bits become 8 (so do 10, 12 and 14 bits stored in 16), and the rotation that a
    camera noted in EXIF is applied.

    Parameters
    ----------
    source : path, bytes, binary file, array, PIL image, or a list of these
        Path, bytes and file: of a PNG, JPEG, WebP, BMP, TIFF or PDF file, the last two with any number of
        pages; of a HEIC file where the package pillow-heif is installed. A path may end in the numbers of
        the pages to read, as in ``score.pdf[2-5,8]``.
        Array: (height, width), or (height, width, channels) with grey; grey and alpha; RGB; or RGBA; of
        bool, uint8, uint16, or floats from 0 to 1. 0 and False are black.
        PIL image: its current frame.
        List: the pages of each, in order.
    dpi : int
        Resolution at which the pages of a PDF are rendered, less for pages of more than
        `MAX_RENDERED_PIXELS`.
    pages : sequence of (int, int)
        First and last number of the pages to read of each file, from 1; all by default. Numbers at the end
        of a path come first.
    broken : callable, optional
        Takes the error of each page that can't be read while other pages of its file can; by default such
        a page raises its error.

    Yields
    ------
    PageImage
        From first to last; nothing is decoded before it is asked for.

    Raises
    ------
    InputError
        When a file is missing, empty, broken, locked or of another type, a value is none of the above, a
        page is too small or too large, or a file has no page of a number asked for.
    """
    wanted = _Wanted(dpi, tuple(pages), broken)
    if not isinstance(source, list | tuple):
        yield from _pages(source, wanted)
        return
    if not source:
        raise InputError("an empty list: has no pages; give at least one path, array, ...")
    read = Counter[str]()
    for one in source:
        for page in _pages(one, wanted):
            read[page.source] += 1
            has_path = isinstance(one, str | os.PathLike)
            yield page if has_path else replace(page, number=read[page.source])


@dataclass(frozen=True)
class _Wanted:
    """How pages are read: resolution of PDFs, ranges of page numbers, who is told of broken pages."""

    dpi: int
    ranges: tuple[tuple[int, int], ...]
    broken: Callable[[InputError], object] | None

    def numbers(self, count: int, name: str) -> Iterator[int]:
        """Give the numbers of the pages to read of a file with `count` pages."""
        for first, last in self.ranges or ((1, count),):
            if last > count:
                raise InputError(f"{name}: has no page {last}; it has {count}")
            yield from range(first, last + 1)


def _pages(source: Any, wanted: _Wanted) -> Iterator[PageImage]:
    """Read the pages of one source."""
    if isinstance(source, np.ndarray):
        yield PageImage(_grey_of_array(source), "array")
    elif isinstance(source, Image.Image):
        name = Path(getattr(source, "filename", "") or "image").name
        with _decoding(name):
            _check_size(name, *source.size)
            grey = _grey(source)
        yield PageImage(grey, name)
    else:
        if isinstance(source, str | os.PathLike):
            source, ranges = split_pages(source)
            wanted = replace(wanted, ranges=ranges or wanted.ranges)
        file, name = _opened(source)
        shown = str(file) if isinstance(file, Path) else name
        read = _pdf_pages if _is_pdf(file, shown) else _image_pages
        for number, grey in read(file, shown, wanted):
            yield PageImage(grey, name, number)


def split_pages(path: str | os.PathLike[str]) -> tuple[Path, tuple[tuple[int, int], ...]]:
    """Split a path from the numbers of the pages at its end.

    Parameters
    ----------
    path : str or path
        Such as ``score.pdf[2-5,8]``. A file of exactly that name has no page numbers at its end.

    Returns
    -------
    path : Path
    pages : tuple of (int, int)
        First and last number of each range; empty where there are none.

    Raises
    ------
    InputError
        When the numbers are none.

    Examples
    --------
    >>> split_pages("score.pdf[2-5,8]")[1]
    ((2, 5), (8, 8))
    """
    match = _NUMBERED.fullmatch(os.fspath(path))
    if not match or _exists(Path(path)):
        return Path(path), ()
    return Path(match["path"]), parse_pages(match["pages"])


def parse_pages(text: str) -> tuple[tuple[int, int], ...]:
    """Read ranges of page numbers.

    Parameters
    ----------
    text : str
        Numbers and ranges with commas between them, such as "2-5,8".

    Returns
    -------
    tuple of (int, int)
        First and last number of each range.

    Raises
    ------
    InputError
        When the text is something else, or a number is below 1 or above `MAX_FRAMES`.
    """
    found = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,6})\s*(?:-\s*(\d{1,6})\s*)?", part, re.ASCII)
        first = int(match[1]) if match else 0
        last = int(match[2] or first) if match else 0
        if not 1 <= first <= last <= MAX_FRAMES:
            raise InputError(f"{text!r}: are no page numbers; give them from 1, as in 2-5,8")
        found.append((first, last))
    return tuple(found)


def count_pages(source: Source, pages: PageNumbers = ()) -> int:
    """Count the pages that `load_pages` would give for one source, without decoding them.

    Parameters
    ----------
    source : path, bytes, binary file, array or PIL image
        A binary file is left where it was.
    pages : sequence of (int, int)
        As for `load_pages`.

    Returns
    -------
    int
        Broken pages included.

    Raises
    ------
    InputError
        When the file can't be opened, or has no page of a number asked for.
    """
    if isinstance(source, np.ndarray | Image.Image):
        return 1
    if isinstance(source, str | os.PathLike):
        source, ranges = split_pages(source)
        pages = ranges or pages
    file, name = _opened(source)
    if isinstance(file, io.BytesIO) and hasattr(source, "seek"):
        source.seek(0)
    shown = str(file) if isinstance(file, Path) else name
    wanted = _Wanted(0, tuple(pages), None)
    if _is_pdf(file, shown):
        with _pdf(file, shown) as document:
            return len(list(wanted.numbers(len(document), shown)))
    with _decoding(shown, file), _quietly_open(file) as image:
        return len(list(wanted.numbers(_frames(image, shown), shown)))


def _opened(source: Any) -> tuple[Path | io.BytesIO, str]:
    """Return a path, or bytes in memory, and the name of the file."""
    if isinstance(source, Path):
        return source, source.name
    if isinstance(source, bytes | bytearray | memoryview):
        return io.BytesIO(source), "bytes"
    if hasattr(source, "read"):
        content, name = source.read(), getattr(source, "name", None)
        name = Path(name).name if isinstance(name, str) else "file"
        if isinstance(content, str):
            raise InputError(f"{name}: is open as text; open it with mode 'rb'")
        return io.BytesIO(content), name
    raise InputError(
        f"{type(source).__name__}: holds no page; give a path, bytes, a binary file, an array, a PIL image, "
        "or a list of these"
    )


# --- files ------------------------------------------------------------------------------------------


def _is_pdf(file: Path | io.BytesIO, name: str) -> bool:
    """Look at the first bytes, after making sure that there are any."""
    head = file.getvalue()[:_HEADER] if isinstance(file, io.BytesIO) else _head(file)
    if not head:
        raise InputError(f"{name}: is empty; export or scan it again")
    return b"%PDF-" in head


def _exists(path: Path) -> bool:
    """Tell whether there is such a file; a name that no system allows has none."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _head(path: Path) -> bytes:
    if path.is_dir():
        raise InputError(f"{path}: is a folder; give the files in it")
    if not _exists(path):
        raise InputError(f"{path}: no such file; check the name")
    if not path.is_file():
        raise InputError(f"{path}: is not an ordinary file; give an image or a PDF")
    try:
        with path.open("rb") as file:
            return file.read(_HEADER)
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror}); check its permissions") from error


def _image_pages(
    file: Path | io.BytesIO, name: str, wanted: _Wanted
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    with _decoding(name, file), _quietly_open(file) as image:
        frames = _frames(image, name)
        for number in wanted.numbers(frames, name):
            shown, grey = name if frames == 1 else f"{name}, page {number}", None
            try:
                with _decoding(shown):
                    grey = _frame(image, number - 1, shown)
            except InputError as error:
                if wanted.broken is None or frames == 1:
                    raise
                wanted.broken(error)
            if grey is not None:
                yield number, grey


def _frames(image: Image.Image, name: str) -> int:
    """Count the pages of an image file."""
    frames = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    if frames > MAX_FRAMES:
        raise InputError(f"{name}: has {frames} pages; give at most {MAX_FRAMES} in one file")
    return frames


def _frame(image: Image.Image, index: int, name: str) -> NDArray[np.uint8]:
    """Decode one frame, without what Pillow says of odd metadata."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        image.seek(index)
        _check_size(name, *image.size)
        return _grey(image)


@contextmanager
def _decoding(name: str, file: Path | io.BytesIO | None = None) -> Iterator[None]:
    """Turn whatever decoders raise on broken files into one line."""
    try:
        yield
    except (InputError, GeneratorExit):
        raise
    except UnidentifiedImageError as error:
        if file is not None and _starts_like_an_image(file):
            raise InputError(f"{name}: is broken or cut short; export or scan it again") from error
        raise InputError(
            f"{name}: is not a PNG, JPEG, WebP, BMP, TIFF or PDF file; convert it to one of these"
        ) from error
    except Image.DecompressionBombError as error:
        raise InputError(f"{name}: {_TOO_LARGE}") from error
    except Exception as error:
        raise InputError(
            f"{name}: is broken or cut short ({_one_line(error)}); export or scan it again"
        ) from error


def _starts_like_an_image(file: Path | io.BytesIO) -> bool:
    head = file.getvalue()[:_HEADER] if isinstance(file, io.BytesIO) else _head(file)
    return head.startswith(_MAGIC)


_TOO_LARGE = f"is larger than {MAX_PIXELS // 1_000_000} million pixels; scale it down"


def _quietly_open(file: Path | io.BytesIO) -> Image.Image:
    """Open without Pillow's warning about large images: they have a limit of their own here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(file, formats=(*FORMATS, *_plug_ins()))


@cache
def _plug_ins() -> tuple[str, ...]:
    """List the formats of the Pillow plug-ins that are installed."""
    try:
        import pillow_heif
    except ImportError:
        return ()
    pillow_heif.register_heif_opener()
    return ("HEIF",)


def _check_size(name: str, width: int, height: int) -> None:
    if min(width, height) < MIN_SIDE:
        raise InputError(
            f"{name}: is only {width} x {height} pixels; a page needs {MIN_SIDE} at least each way"
        )
    if width * height > MAX_PIXELS:
        raise InputError(f"{name}: {_TOO_LARGE}")
    if max(width, height) > MAX_SIDE:
        raise InputError(
            f"{name}: is {width} x {height} pixels; a page has at most {MAX_SIDE} each way, cut it into pages"
        )


def _grey(image: Image.Image) -> NDArray[np.uint8]:
    """One frame as luminance on white, upright; array (height, width) of uint8."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16"):
        return _upper_bits(np.asarray(image))
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


def _upper_bits(values: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Keep the upper 8 bits of as many as are in use: scanners store 10, 12 or 14 bits in 16."""
    used = max(8, int(values.max(initial=0)).bit_length())
    return (values >> (used + used % 2 - 8)).astype(np.uint8)


def _scaled(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Numbers without a stated range to 0..255: the smallest usual range that holds them all."""
    highest = float(np.nan_to_num(values).max(initial=0.0))
    usual = (1.0, *(2.0**bits - 1 for bits in range(8, 17, 2)))
    white = next((limit for limit in usual if highest <= limit), highest)
    return np.clip(np.nan_to_num(values) * (255.0 / white), 0, 255).astype(np.uint8)


def _pdf_pages(
    file: Path | io.BytesIO, name: str, wanted: _Wanted
) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    with _pdf(file, name) as document:
        count = len(document)
        for number in wanted.numbers(count, name):
            shown, grey = name if count == 1 else f"{name}, page {number}", None
            try:
                grey = _rendered(shown, document, number, wanted.dpi)
            except InputError as error:
                if wanted.broken is None or count == 1:
                    raise
                wanted.broken(error)
            if grey is not None:
                yield number, grey


@contextmanager
def _pdf(file: Path | io.BytesIO, name: str) -> Iterator[PdfDocument]:
    """Open a PDF with pages."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as pdfium_c

    try:
        document = pdfium.PdfDocument(file.getvalue() if isinstance(file, io.BytesIO) else file)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise InputError(f"{name}: is locked with a password; save it without one") from error
        raise InputError(f"{name}: is a broken PDF ({_one_line(error)}); export it again") from error
    try:
        count = len(document)
        if count == 0:
            raise InputError(f"{name}: is a PDF without pages; export it again")
        if count > MAX_FRAMES:
            raise InputError(f"{name}: has {count} pages; give at most {MAX_FRAMES} in one file")
        yield document
    finally:
        document.close()


def _rendered(name: str, document: PdfDocument, number: int, dpi: int) -> NDArray[np.uint8]:
    """Render a page; `name` is that of the file with the number of the page."""
    import pypdfium2 as pdfium

    try:
        page = document[number - 1]
    except pdfium.PdfiumError as error:
        raise InputError(f"{name}: is a broken PDF ({_one_line(error)}); export it again") from error
    try:
        width, height = page.get_size()
        if not (0 < width < _MAX_POINTS and 0 < height < _MAX_POINTS):
            raise InputError(f"{name}: has a page without size or beyond measure; export it again")
        scale = min(dpi / 72, (MAX_RENDERED_PIXELS / (width * height)) ** 0.5)
        _check_size(name, round(width * scale), round(height * scale))
        grey = page.render(scale=scale, grayscale=True).to_numpy()
        return np.array(grey.reshape(grey.shape[:2]), dtype=np.uint8)
    except pdfium.PdfiumError as error:
        raise InputError(f"{name}: is a broken PDF ({_one_line(error)}); export it again") from error
    finally:
        page.close()


# --- arrays -----------------------------------------------------------------------------------------


def _grey_of_array(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Copy a page into an array (height, width) of uint8."""
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or not 1 <= channels <= 4:
        raise InputError(
            f"array: has the shape {array.shape}; give (height, width) or (height, width, 1 to 4 channels), "
            "and several pages as a list"
        )
    _check_size("array", array.shape[1], array.shape[0])
    values = _bytes_of(array)
    return values.reshape(values.shape[:2]).copy() if channels == 1 else _grey(Image.fromarray(values))


def _bytes_of(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Scale the values of an array to 0 (black) to 255 (white)."""
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype == np.uint16:
        return _upper_bits(array)
    if not np.issubdtype(array.dtype, np.floating):
        raise InputError(f"array: is of {array.dtype}; give bool, uint8, uint16, or floats from 0 to 1")
    if not (np.isfinite(array).all() and array.min() >= 0 and array.max() <= 1):
        raise InputError("array: has floats beyond 0 (black) to 1 (white); scale or clip it")
    return np.asarray(np.rint(array * 255), np.uint8)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def resize(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Resize a grey image; area means where it shrinks, so that thin lines fade rather than vanish.

    Training crops and whole pages must both come through here, or the net meets
    lines in use that it never saw in training.

    Parameters
    ----------
    image : array (height, width) of uint8
    size : (width, height)
        Of the result, in pixels.

    Returns
    -------
    array (height, width) of uint8
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
    """Tell ink from paper by Otsu's threshold.

    Parameters
    ----------
    image : array (height, width) of uint8
        0 is black.

    Returns
    -------
    array (height, width) of uint8
        1 on ink, 0 on paper.
    """
    import cv2

    return np.asarray(cv2.threshold(image, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1], np.uint8)
