"""Builders that tests share: pages, music, datasets, detectors. Test modules import only from here."""
