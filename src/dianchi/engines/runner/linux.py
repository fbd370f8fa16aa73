"""The few calls of the Linux kernel that Python 3.11 lacks: namespaces, mounts, capabilities, death signals."""

from __future__ import annotations

import contextlib
import ctypes
import os
from collections.abc import Sequence

_libc = ctypes.CDLL(None, use_errno=True)

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
ALL_BUT_USER_AND_MOUNT = CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 1, 2, 4, 8, 32, 4096
MS_REC, MS_PRIVATE = 1 << 14, 1 << 18
MNT_DETACH = 2
# flags that a user namespace may not take away again, as statvfs and mount(2) spell them
_LOCKED = ((os.ST_NOATIME, 1 << 10), (os.ST_NODIRATIME, 1 << 11), (os.ST_RELATIME, 1 << 21))

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_SECUREBITS, PR_SET_NO_NEW_PRIVS = 28, 38
_NO_ROOT_LOCKED = 0b1111_1111  # every securebit and its lock: user 0 is nobody special
_CAPABILITY_V3 = 0x20080522
NOBODY = 65534
TEMP = "/tmp"  # noqa: S108 - inside the wall: a file system of the process alone


def call(name: str, *args: object) -> int:
    """A libc function by name; OSError with its errno where it fails."""
    result = getattr(_libc, name)(*args)
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), name)
    return int(result)


def syscall(number: int, *args: object) -> int:
    """A system call by number."""
    return call("syscall", ctypes.c_long(number), *args)


def prctl(option: int, value: int) -> None:
    call("prctl", option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    call("mount", source.encode(), target.encode(), kind.encode(), ctypes.c_ulong(flags), options.encode())


def enter_namespaces(*, own_user: bool) -> None:
    """Leave the host's namespaces but for its mounts; the process tree is new for the next child only."""
    uid, gid = os.getuid(), os.getgid()
    call("unshare", ALL_BUT_USER_AND_MOUNT | (CLONE_NEWUSER if own_user else 0))
    if own_user:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{NOBODY} {uid} 1")
        _write("/proc/self/gid_map", f"{NOBODY} {gid} 1")


def build_root(at: str, files: Sequence[tuple[str, str]], temp_bytes: int) -> None:
    """Move into mounts of our own: nothing but the granted files, read-only, and a /tmp of limited size.

    `files` are paths on the host and the paths they shall have inside.
    """
    call("unshare", CLONE_NEWNS)
    mount("none", "/", "", MS_REC | MS_PRIVATE)
    mount("tmpfs", at, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755,size=1m")
    temp = f"{at}{TEMP}"
    os.mkdir(temp)  # noqa: PTH102 - plain strings: this runs between two forks
    options = f"mode=0700,size={temp_bytes},nr_inodes=4096"
    mount("tmpfs", temp, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options)
    for source, path in files:
        target = f"{at}{path}"
        os.makedirs(target.rpartition("/")[0], exist_ok=True)  # noqa: PTH103
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o400))
        mount(source, target, "", MS_BIND)
        kept = sum(flag for seen, flag in _LOCKED if os.statvfs(target).f_flag & seen)
        mount("none", target, "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | kept)
    mount("none", at, "", MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    os.chdir(at)
    syscall(_PIVOT_ROOT, b".", b".")
    call("umount2", b".", MNT_DETACH)
    os.chdir("/")


def drop_privileges() -> None:
    """Give up every capability for ever, and any way to gain one."""
    for capability in range(64):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            break  # past the last one, or not ours to drop: the empty sets below and no_new_privs say the same
    with contextlib.suppress(OSError):
        prctl(PR_SET_SECUREBITS, _NO_ROOT_LOCKED)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_V3, 0)
    call("capset", ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_DUMPABLE, 0)


def die_with_parent() -> None:
    """Be killed when the parent ends, however it ends."""
    prctl(PR_SET_PDEATHSIG, 9)


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)


_PIVOT_ROOT = 155 if os.uname().machine == "x86_64" else 41  # asm-generic for every newer machine
