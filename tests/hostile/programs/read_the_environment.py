# expect: returned []
import os


def attack():
    return [name for name in os.environ if name not in ("LC_CTYPE", "PYTHONHASHSEED", "TZ")]
