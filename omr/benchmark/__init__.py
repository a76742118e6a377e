"""Train and measure every detector on equal terms: the same crops, the same budget, the same pages."""
