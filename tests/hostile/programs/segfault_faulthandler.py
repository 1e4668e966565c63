# expect: crashed | returned None
import faulthandler


def attack():
    faulthandler._sigsegv()
