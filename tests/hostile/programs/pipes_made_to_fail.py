# expect: returned 1 | crashed | timed_out
import fcntl


def attack():
    for fd in range(64):
        for command, argument in ((fcntl.F_SETFL, 0o24000), (1031, 4096), (fcntl.F_SETSIG, 9)):
            try:
                fcntl.fcntl(fd, command, argument)
            except OSError:
                pass
    return 1
