"""Data requests: which data items of which resources, for what purpose, until when (norm 21; Yunnan ch. 4)."""
