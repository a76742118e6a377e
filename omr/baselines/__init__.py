"""Detectors that DWDNet is measured against, under the same contract."""
