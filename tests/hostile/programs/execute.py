# expect: forbidden
import os


def attack():
    os.execv("/bin/true", ["true"])
