# expect: returned True
import os


def attack():
    return os.system("sleep 1000") != 0
