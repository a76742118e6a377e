"""Symbols and staves to music: layout, cleanup, linking and semantics, in the order of `pipeline`."""
