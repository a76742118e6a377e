"""All detectors on equal terms: the same crops, the same budget, the same pages, one table."""
