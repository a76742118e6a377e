"""Engraved data: scores to pages with exact boxes, and pages to a DeepScoresV2 dataset.

``corpus``, ``random_music``, ``random_notes``, ``random_marks``, ``rhythm``, ``mei``, ``texts``
    where the music comes from;
``music_ranges``, ``page_ranges``
    what random music, and what the look of pages is drawn from;
``page_style``, ``layout``, ``fonts``, ``distractors``
    what pages look like, and what is on them besides music;
``interface``, ``engraved_page``, ``labels``
    what an engraver is, and what it makes;
``verovio``, ``verovio_svg``, ``verovio_symbols``
    verovio: its pages taken apart and labelled;
``lilypond``
    LilyPond: the same;
``outlines``, ``lettering``, ``glyphs``, ``names``
    outlines of shapes, letters and glyphs, and the names of classes;
``raster``, ``check``
    draw pages, and compare boxes with ink;
``truth``
    the music of an engraved page, note by note;
``blocks``, ``workers``, ``dataset``
    make many pages in processes that may die, and write them.

Which classes there are, what each box covers and what can't be drawn is in ``CLASSES.md``
beside this file.
"""
