"""
What a worker gives up before it sees a query: memory past a bound, files, sockets, programs. Knows the kernel only.

Two walls against reaching out: no descriptor can be opened (RLIMIT_NOFILE), and the kernel ends (SIGSYS) whoever asks
for a socket or another program, where it takes filters (seccomp; x86-64 and AArch64). The first alone would let a
query go on that hides its failure, as SERVICE SILENT does.
"""

import ctypes
import os
import resource
import struct

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_KILL_PROCESS = 0x80000000
_ALLOW = 0x7FFF0000
# Instructions of the filter language (linux/bpf_common.h): load a word, jump if equal, jump if at least, return.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
# Calls of the 32-bit kind have numbers from here on the first of these.
_FOREIGN = 0x40000000
# The architecture's own mark, and its numbers of socket, connect, execve, execveat, ptrace.
_MACHINES = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117)),
}


def confine(memory_bytes: int) -> None:
    """Confine this thread, and all that it starts; the limits are the process's."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    filter_calls()


def filter_calls() -> bool:
    """Have the kernel end this process where it asks for a socket or a program; says whether it will."""
    machine = _MACHINES.get(os.uname().machine)
    if machine is None:
        return False
    mark, numbers = machine
    last = len(numbers)
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_IF_EQUAL, 0, last + 3, mark),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, last + 1, 0, _FOREIGN),
        *((_IF_EQUAL, last - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _KILL_PROCESS),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("@HBBI", *line) for line in lines))
    handed = ctypes.create_string_buffer(struct.pack("@HP", len(lines), ctypes.addressof(program)))
    prctl = ctypes.CDLL(None).prctl
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, handed, 0, 0)
