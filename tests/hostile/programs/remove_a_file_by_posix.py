# expect: forbidden
import posix


def attack():
    posix.unlink(VICTIM)
