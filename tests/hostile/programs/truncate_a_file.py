# expect: forbidden
import os


def attack():
    os.truncate(VICTIM, 0)
