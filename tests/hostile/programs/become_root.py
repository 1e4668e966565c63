# expect: forbidden
import os


def attack():
    os.setuid(0)
