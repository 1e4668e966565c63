# expect: forbidden
import os


def attack():
    os.kill(HOST, 9)
