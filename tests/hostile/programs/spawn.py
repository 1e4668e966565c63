# expect: forbidden
import os


def attack():
    os.posix_spawn("/bin/sleep", ["sleep", "1000"], {})
