"""Acts that no program may do, each really attempted. This text is run inside the sandbox."""

# The bare system calls are the point here.
# ruff: noqa: PTH108, PTH123, PTH208, S108, S606

import ctypes
import os
import resource
import signal
import socket
import threading


def write_a_file() -> None:
    """Make a file where anybody may."""
    path = f"/tmp/pyx-probe-{os.getpid()}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    os.unlink(path)


def read_a_file() -> None:
    """Read a file that everybody may read, outside the standard library."""
    with open("/etc/passwd", "rb") as file:
        file.read(1)


def list_a_folder() -> None:
    """Look what there is."""
    os.listdir("/")


def connect_by_tcp() -> None:
    """Make an internet socket."""
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def send_by_udp() -> None:
    """Make a datagram socket."""
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def connect_locally() -> None:
    """Make a unix socket."""
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).close()


def start_a_process() -> None:
    """Fork."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def start_a_sibling() -> None:
    """Clone a child of the parent, by the very call that the zygote uses."""
    number = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine)
    if number is None:
        raise PermissionError("no such call is known here")
    pid = ctypes.CDLL(None, use_errno=True).syscall(number, 0x8000 | signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    if pid < 0:
        raise OSError(ctypes.get_errno(), "clone")


def start_a_thread() -> None:
    """Start a thread."""
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def execute_a_file() -> None:
    """Become another program; the name is none, so that a probe survives its success."""
    os.execve("/nonexistent", ["x"], {})


def signal_the_worker() -> None:
    """Ask whether the parent could be signalled."""
    os.kill(os.getppid(), 0)


def leave_the_group() -> None:
    """Leave the process group that is killed as one."""
    os.setsid()


def raise_a_limit() -> None:
    """Ask for more memory."""
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def become_root() -> None:
    """Take the rights of root."""
    os.setuid(0)


ACTS = (
    write_a_file, read_a_file, list_a_folder, connect_by_tcp, send_by_udp, connect_locally,
    start_a_process, start_a_sibling, start_a_thread, execute_a_file, signal_the_worker,
    leave_the_group, raise_a_limit, become_root,
)  # fmt: skip


def attempt_all() -> dict[str, str]:
    """For each act ``"denied"``, or how far it went."""
    found = {}
    for act in ACTS:
        try:
            act()
        except (PermissionError, BlockingIOError):
            found[act.__name__] = "denied"
        except (OSError, RuntimeError, ValueError) as exc:
            sent_away = isinstance(exc, RuntimeError) or "not allowed to raise" in str(exc)
            found[act.__name__] = "denied" if sent_away else f"failed: {exc}"
        else:
            found[act.__name__] = "done"
    return found
