"""Confine: what a worker gives up before it looks at a stranger's bytes. Linux; there is no way back.

It can compute, use memory up to a limit, and read and write the pipes that it holds: no file, no socket, no process,
no thread, no signal, no executable memory. Whatever else is asked of the kernel fails with EPERM (seccomp(2), filter
mode), so that even a decoder that an attacker has taken over reaches nothing but this one pipe.
"""

import ctypes
import os
import platform
import resource
import struct
from collections.abc import Sequence
from pathlib import Path

from golos.model.problem import Problem

_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 22, 38
_FILTER_MODE = 2
_ALLOW, _EPERM, _KILL = 0x7FFF0000, 0x00050001, 0x80000000
_LOAD, _EQUAL, _BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
_NUMBER, _ARCH, _THIRD = 0, 4, 32
"""Offsets in struct seccomp_data: the call's number, the architecture, the low word of its third argument."""
_PROT_EXEC = 4

_MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""Machine to its audit number; its place here is its column below."""
_CALLS = {
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "lseek": (8, 62),
    "fstat": (5, 80),
    "poll or ppoll": (7, 73),
    "brk": (12, 214),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getcpu": (309, 168),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    "getrandom": (318, 278),
    "exit": (60, 93),
    "exit_group": (231, 94),
}
"""What is allowed: its number on each machine."""
_WITHOUT_EXEC = {"mmap": (9, 222), "mprotect": (10, 226)}
"""What is allowed where the third argument asks for no executable memory."""


def confine(memory: int) -> None:
    """Give up everything but ``memory`` more bytes of address space and the open pipes.

    Raises Problem ``sandbox.unavailable`` where the kernel or the machine has no such filter: then nothing is decoded.
    """
    machine = platform.machine()
    if machine not in _MACHINES:
        raise _unavailable(f"there is no list of system calls for {machine}")
    _limit(memory)
    libc = ctypes.CDLL(None, use_errno=True)
    column = list(_MACHINES).index(machine)
    allowed, without_exec = ([numbers[column] for numbers in calls.values()] for calls in (_CALLS, _WITHOUT_EXEC))
    program = _program(_MACHINES[machine], allowed, without_exec)
    array = ctypes.create_string_buffer(program, len(program))
    fprog = struct.pack("@HxxxxxxP", len(program) // 8, ctypes.addressof(array))
    _call(libc, _PR_SET_DUMPABLE, 0)
    _call(libc, _PR_SET_NO_NEW_PRIVS, 1)
    _call(libc, _PR_SET_SECCOMP, _FILTER_MODE, fprog)


def _limit(memory: int) -> None:
    """Files can't grow, no core is written (it would hold pictures), and ``memory`` is all that can be had on top."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(what, (0, 0))


def _program(arch: int, allowed: Sequence[int], without_exec: Sequence[int]) -> bytes:
    """Return the filter in classic BPF (linux/filter.h): eight bytes an instruction, jumps counted in instructions."""
    code = [_step(_LOAD, _ARCH), _step(_EQUAL, arch, 1, 0), _step(_RETURN, _KILL), _step(_LOAD, _NUMBER)]
    for number in allowed:
        code += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _ALLOW)]
    for number in without_exec:
        code += [
            _step(_EQUAL, number, 0, 4),
            _step(_LOAD, _THIRD),
            _step(_BITS, _PROT_EXEC, 1, 0),
            _step(_RETURN, _ALLOW),
            _step(_RETURN, _EPERM),
        ]
    return b"".join([*code, _step(_RETURN, _EPERM)])


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _call(libc: ctypes.CDLL, option: int, *arguments: int | bytes) -> None:
    values = [ctypes.c_ulong(each) if isinstance(each, int) else ctypes.c_char_p(each) for each in arguments]
    values += [ctypes.c_ulong(0)] * (4 - len(values))
    if libc.prctl(ctypes.c_int(option), *values) != 0:
        raise _unavailable(os.strerror(ctypes.get_errno()))


def _unavailable(why: str) -> Problem:
    remedy = "Photographs are read on Linux (x86_64, aarch64) with seccomp only; allow it in the container's settings."
    return Problem("sandbox.unavailable", "photo", f"can't be read safely on this machine: {why}.", remedy)
