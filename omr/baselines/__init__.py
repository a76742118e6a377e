"""Detectors that DWDNet is measured against, under the same contract."""

import omr.detectors  # noqa: F401 (first: it lists the baselines, and they import its contract)
