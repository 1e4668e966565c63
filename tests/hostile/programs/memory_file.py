# expect: forbidden
import os


def attack():
    fd = os.memfd_create("x")
    return os.write(fd, b"x" * 10**6)
