"""Remove duplicates and false staves, join line fragments, confirm low-confidence symbols by others."""
