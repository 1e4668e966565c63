# expect: timed_out
import os


def attack():
    read, write = os.pipe()
    os.read(read, 1)
