"""Landlock: paths a process may open, for hosts that forbid mount namespaces; needs no privilege (Linux 5.13)."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from dianchi.engines.runner import linux

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every machine
_READ_FILE, _WRITE_FILE, _READ_DIR, _REMOVE_FILE, _MAKE_REG = 1 << 2, 1 << 1, 1 << 3, 1 << 5, 1 << 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_BY_VERSION = (0, (1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1)  # rights each version knows
_TEMP = _READ_FILE | _WRITE_FILE | _READ_DIR | _REMOVE_FILE | _MAKE_REG | _TRUNCATE
# the engine reads its processor quota at its start and dies if it exists but may not be read; nothing else is there
_NEEDED = ("/proc/self/cgroup", "/sys/fs/cgroup")


def version() -> int:
    """The version the running kernel offers; 0 if none."""
    try:
        return linux.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    except OSError:
        return 0


def restrict(readable: Iterable[str], temporary: str) -> None:
    """Allow reading the files and reading and writing below the temporary directory, and no other path."""
    rights = _BY_VERSION[min(version(), 3)]
    ruleset = linux.syscall(_CREATE, struct.pack("=Q", rights), ctypes.c_size_t(8), 0)
    try:
        for path in (*readable, *filter(os.path.exists, _NEEDED)):
            _allow(ruleset, path, _READ_FILE & rights)
        _allow(ruleset, temporary, _TEMP & rights)
        linux.syscall(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        linux.syscall(_ADD, ruleset, 1, struct.pack("=Qi", rights, descriptor), 0)  # LANDLOCK_RULE_PATH_BENEATH
    finally:
        os.close(descriptor)
