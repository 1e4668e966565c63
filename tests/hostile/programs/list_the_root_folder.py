# expect: forbidden
import os


def attack():
    return os.listdir("/")
