"""Remove duplicates and false staves, join line fragments, keep low-confidence symbols that others confirm."""
