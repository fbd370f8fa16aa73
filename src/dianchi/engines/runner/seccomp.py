"""A filter of system calls: no new process, no program, no socket, no look into or signal to another process.

A list of what is refused, because the engine's C library may use any harmless call tomorrow; what it refuses is what
would matter after the engine itself has been taken over. Numbers from the kernel's unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from dianchi.engines.runner import linux

# name: (x86_64, aarch64 as in asm-generic)
_REFUSED = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "kill": (62, 129),
    "tkill": (200, 130), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268), "chroot": (161, 51),
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "syslog": (103, 116), "acct": (163, 89),
    "quotactl": (179, 60), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "personality": (135, 92),
    "shmget": (29, 194), "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180), "memfd_secret": (447, 447),
    "fanotify_init": (300, 262), "inotify_init1": (294, 26),
}  # fmt: skip
_CLONE, _CLONE3, _TGKILL, _SECCOMP = (56, 220), (435, 435), (234, 131), (317, 277)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_X32_BIT, _CLONE_THREAD = 0x40000000, 0x00010000

_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16


def available() -> bool:
    """Whether this machine's numbers are known."""
    return os.uname().machine in _MACHINES


def install() -> None:
    """Put the filter around this process and every thread it will have; it cannot be taken off again."""
    program = b"".join(struct.pack("=HBBI", *i) for i in _instructions(*_MACHINES[os.uname().machine]))
    buffer = ctypes.create_string_buffer(program, len(program))
    filters = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    linux.syscall(_SECCOMP[_MACHINES[os.uname().machine][0]], 1, 0, filters)  # SECCOMP_SET_MODE_FILTER


def _instructions(column: int, arch: int) -> list[tuple[int, int, int, int]]:
    refuse, absent = (_RETURN, 0, 0, _ERRNO | errno.EPERM), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)
    steps = [
        (_LOAD, 0, 0, _ARCH),
        (_EQUAL, 1, 0, arch),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _KILL),
    ]
    for numbers in _REFUSED.values():
        if (number := numbers[column]) is not None:
            steps += [(_EQUAL, 0, 1, number), refuse]
    steps += [(_EQUAL, 0, 1, _CLONE3[column]), absent]  # the C library falls back to clone, whose flags can be read
    steps += [  # a thread, but no process
        (_EQUAL, 0, 3, _CLONE[column]),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_BITS, 5, 0, _CLONE_THREAD),
        refuse,
        (_EQUAL, 0, 3, _TGKILL[column]),  # a signal to itself, as abort() sends, but to nobody else
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, os.getpid()),
        refuse,
        (_RETURN, 0, 0, _ALLOW),
    ]
    return steps
