# expect: too_long
import sys


def attack():
    sys.set_int_max_str_digits(0)
    return 1 << 10**6
