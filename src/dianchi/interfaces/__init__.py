"""Web, API, command line: they translate, they never decide."""
