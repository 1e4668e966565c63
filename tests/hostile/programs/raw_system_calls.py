# expect: returned {1}
import ctypes

# socket, clone, fork, vfork, ptrace, personality, mount, unshare, perf_event_open, name_to_handle_at,
# open_by_handle_at, setns, process_vm_readv, process_vm_writev, memfd_create, bpf, userfaultfd,
# io_uring_setup, pidfd_open, pidfd_send_signal, mount_setattr, keyctl, and socket of the x32 table
NUMBERS = (
    41,
    56,
    57,
    58,
    101,
    135,
    165,
    272,
    298,
    303,
    304,
    308,
    310,
    311,
    319,
    321,
    323,
    425,
    434,
    424,
    442,
    250,
    0x40000000 + 41,
)


def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    errors = set()
    for number in NUMBERS:
        ctypes.set_errno(0)
        assert libc.syscall(number, 0, 0, 0, 0, 0, 0) == -1, number
        errors.add(ctypes.get_errno())
    return errors
