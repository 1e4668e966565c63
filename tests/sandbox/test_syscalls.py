"""The filters of both machines, run by an interpreter of their few instructions."""

import re
import struct
from pathlib import Path

import pytest

from pyx_dataset.sandbox import seccomp
from pyx_dataset.sandbox.syscalls import (
    AARCH64,
    ANYBODY,
    BY_ARGUMENTS,
    OPEN_AND_LOOK,
    WORKER_ONLY,
    X86_64,
    Machine,
)

TABLES = (OPEN_AND_LOOK, WORKER_ONLY, ANYBODY, BY_ARGUMENTS)
MACHINES = [X86_64, AARCH64]
ALLOWED, NOT_PERMITTED, NO_SUCH_CALL = 0x7FFF0000, 0x00050001, 0x00050026
HEADERS = {
    X86_64: Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    # What aarch64 uses as it is; with __NR3264_ it marks calls that differ on 32 bits.
    AARCH64: Path("/usr/include/asm-generic/unistd.h"),
}
HEADER_NAMES = {"newfstatat": "fstatat"}
"""Names that the generic header has otherwise."""

each_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)


def verdict(code: bytes, machine: Machine, number: int, *arguments: int) -> int:
    """What a filter says to one system call: the record of the call through its instructions."""
    words = [*arguments, *[0] * (6 - len(arguments))]
    record = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, machine.audit_arch, 0, *words)
    accumulator = at = 0
    while True:
        operation, if_true, if_false, value = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", record, value)
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x45:
                at += if_true if accumulator & value else if_false
            case 0x06:
                return value
            case _:
                raise AssertionError(f"instruction {operation:#x}")


@each_machine
def test_numbers_are_those_of_the_kernels_headers(machine: Machine) -> None:
    """Every call has the header's number, and none where the header has none."""
    header = HEADERS[machine]
    if not header.is_file():
        pytest.skip(f"no {header} here")
    found: dict[str, int] = {}
    for name, number in re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", header.read_text()):
        found.setdefault(name, int(number))

    for table in TABLES:
        for name, numbers in table.items():
            theirs = found.get(name, found.get(HEADER_NAMES.get(name, "")))
            assert numbers[machine.column] == theirs, name


@each_machine
def test_worker_may_do_what_is_listed_and_nothing_else(machine: Machine) -> None:
    """Over all numbers there are: allowed by name, decided by arguments, or not permitted."""
    code = seccomp.worker_filter(machine)
    allowed = {*machine.numbers(ANYBODY, OPEN_AND_LOOK, WORKER_ONLY), machine.number("prlimit64")}
    by_arguments = {*machine.numbers(BY_ARGUMENTS)} - allowed

    for number in set(range(1000)) - by_arguments:
        expected = ALLOWED if number in allowed else NOT_PERMITTED
        assert verdict(code, machine, number) == expected, number


@each_machine
def test_program_loses_what_is_the_workers(machine: Machine) -> None:
    """The second filter refuses processes and signals, and with `may_open` off every file."""
    for may_open, tables in ((True, (WORKER_ONLY,)), (False, (WORKER_ONLY, OPEN_AND_LOOK))):
        code = seccomp.program_filter(machine, may_open)
        refused = {*machine.numbers(*tables), machine.number("clone")}

        for number in set(range(1000)) - {machine.number("clone3"), machine.number("prlimit64")}:
            expected = NOT_PERMITTED if number in refused else ALLOWED
            assert verdict(code, machine, number) == expected, number


@each_machine
def test_of_processes_only_a_sibling_passes(machine: Machine) -> None:
    """The zygote's own call, which a program's limit of processes refuses; no flag more or less."""
    both = seccomp.worker_filter(machine), seccomp.program_filter(machine, may_open=True)
    clone, sibling = machine.number("clone"), 0x8011
    others = {sibling ^ (1 << bit) for bit in range(32)} | {0x01200011, 0x003D0F00}

    assert [verdict(code, machine, clone, sibling) for code in both] == [ALLOWED, ALLOWED]
    for flags in others:
        assert NOT_PERMITTED in {verdict(code, machine, clone, flags) for code in both}, flags


@each_machine
def test_a_process_may_only_wish_to_die_with_the_worker(machine: Machine) -> None:
    """Of prctl nothing but PR_SET_PDEATHSIG passes, and that with no signal but SIGKILL."""
    code, prctl = seccomp.program_filter(machine, may_open=True), machine.number("prctl")

    assert verdict(code, machine, prctl, 1, 9) == ALLOWED
    assert {verdict(code, machine, prctl, 1, signal) for signal in range(65) if signal != 9} == {
        NOT_PERMITTED
    }
    assert {verdict(code, machine, prctl, option, 9) for option in range(100) if option != 1} == {
        NOT_PERMITTED
    }


@each_machine
def test_fork_is_allowed_and_new_namespaces_and_threads_are_not(machine: Machine) -> None:
    """By the flags of clone; clone3 hides its flags in memory, so it is said not to exist."""
    code, clone = seccomp.worker_filter(machine), machine.number("clone")
    plain_fork, thread, namespace = 0x01200011, 0x003D0F00, 0x10000011

    assert verdict(code, machine, clone, plain_fork) == ALLOWED
    assert verdict(code, machine, clone, thread) == NOT_PERMITTED
    assert verdict(code, machine, clone, namespace) == NOT_PERMITTED
    assert verdict(code, machine, machine.number("clone3")) == NO_SUCH_CALL


@each_machine
def test_limits_can_be_read_and_not_set(machine: Machine) -> None:
    """A new limit is a pointer: none in either half of the argument, but for own processes."""
    code, prlimit = seccomp.program_filter(machine, may_open=True), machine.number("prlimit64")
    processes = 6

    assert verdict(code, machine, prlimit, 0, processes, 0x1000, 0) == ALLOWED
    assert verdict(code, machine, prlimit, 1, processes, 0x1000, 0) == NOT_PERMITTED
    assert verdict(code, machine, prlimit, 0, 9, 0, 1 << 40) == ALLOWED
    assert verdict(code, machine, prlimit, 0, 9, 0x1000, 0) == NOT_PERMITTED
    assert verdict(code, machine, prlimit, 0, 9, 1 << 40, 0) == NOT_PERMITTED


@each_machine
def test_terminals_cannot_be_typed_into(machine: Machine) -> None:
    """Of ioctl only harmless requests pass, whatever hides in the upper half."""
    code, ioctl = seccomp.worker_filter(machine), machine.number("ioctl")
    tcgets, tiocsti = 0x5401, 0x5412

    assert verdict(code, machine, ioctl, 0, tcgets) == ALLOWED
    assert verdict(code, machine, ioctl, 0, tiocsti) == NOT_PERMITTED


def test_calls_of_another_architecture_are_refused() -> None:
    """Each machine's filters refuse the other's records, and x32 numbers."""
    for own, other in (MACHINES, MACHINES[::-1]):
        for code in (seccomp.worker_filter(own), seccomp.program_filter(own, may_open=True)):
            assert verdict(code, other, 0) == NOT_PERMITTED
            assert verdict(code, own, 0x40000000) == NOT_PERMITTED
            assert verdict(code, own, *ANYBODY["read"][own.column : own.column + 1]) == ALLOWED
