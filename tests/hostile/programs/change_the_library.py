# expect: forbidden
import os


def attack():
    open(os.__file__, "a")
