# expect: forbidden
import os


def attack():
    os.setsid()
