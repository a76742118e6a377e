"""Pages as DeepScores was made: LilyPond, its music fonts, boxes from its own grobs.

``musicxml``
    scores as MusicXML, and excerpts that fill a page or two;
``fonts``, ``paper``
    what pages look like;
``program``
    runs musicxml2ly and lilypond;
``tags.ily``
    makes LilyPond's SVG say what it draws;
``svg``
    takes that SVG apart into outlines in page pixels;
``grob_symbols``
    names what the outlines are;
``lilypond``
    all of it in turn: scores in, `EngravedPage` out.

LilyPond calls everything it draws a grob (graphical object), and so does this package.
"""
