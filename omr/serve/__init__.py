"""A page in the browser to read scans, mend what was read wrongly, and take the music home.

`workspace` knows the one folder of a server; `pieces` keeps a piece with what was changed by hand; `edits`
and `signs` change pages; `app` answers the browser behind the checks of `guard`. Everything stays on the
machine.
"""
