"""Engraved data: scores to pages with exact boxes, and those to a DeepScoresV2 dataset.

``corpus``, ``random_music``
    where the music comes from;
``fonts``, ``layout``, ``decoys``
    what pages look like, and what is on them besides music;
``engraver``
    runs verovio and hands out `EngravedPage`;
``svg``, ``outlines``, ``lettering``, ``glyphs``
    take verovio's SVG apart into outlines in page pixels;
``symbols``, ``names``
    name what the outlines are;
``engravers``, ``lilypond``
    one interface for verovio and for LilyPond, and all that is LilyPond's;
``raster``, ``check``
    draw them, and hold the boxes against the ink;
``blocks``, ``workers``, ``dataset``
    make many pages in processes that may die, and write them down.

Which classes there are, what each box covers and what can't be drawn is in
``CLASSES.md`` beside this file.
"""
