# expect: forbidden
import os


def attack():
    os.chmod(VICTIM, 0)
