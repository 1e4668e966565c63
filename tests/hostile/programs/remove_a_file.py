# expect: forbidden
import os


def attack():
    os.unlink(VICTIM)
