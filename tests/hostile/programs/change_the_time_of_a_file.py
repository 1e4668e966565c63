# expect: forbidden
import os


def attack():
    os.utime(VICTIM, (0, 0))
