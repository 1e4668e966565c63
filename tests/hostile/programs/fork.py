# expect: forbidden
import os


def attack():
    if os.fork() == 0:
        while True:
            pass
