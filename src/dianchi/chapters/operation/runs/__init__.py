"""Runs of a program on the real data: jobs bound to version, grant, snapshot and parameters; results stay isolated."""
