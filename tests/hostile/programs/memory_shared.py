# expect: raised
import mmap


def attack():
    return len(mmap.mmap(-1, 10**10))
