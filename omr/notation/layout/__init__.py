"""Lay out pages: place symbols on staves, group staves into systems, cut measures, collate parts.

`placement.place` comes first; `systems.find_systems` and `measures.find_measures` work on the layout that
`omr.notation.cleanup.clean` gives back; `part_collation.collate_parts` takes the systems of all pages.
"""
