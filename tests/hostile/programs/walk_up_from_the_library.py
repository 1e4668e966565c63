# expect: forbidden
import os


def attack():
    return os.listdir(os.path.dirname(os.__file__) + "/../..")
