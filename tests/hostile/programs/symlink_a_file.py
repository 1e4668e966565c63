# expect: forbidden
import os


def attack():
    os.symlink(VICTIM, VICTIM + ".link")
