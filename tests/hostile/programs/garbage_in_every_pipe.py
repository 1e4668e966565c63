# expect: returned 1 | crashed | too_long | timed_out
import os


def attack():
    for fd in range(3, 64):
        try:
            os.write(fd, b"\xff" * 64)
        except OSError:
            pass
    return 1
