# expect: crashed
import os


def attack():
    os.abort()
