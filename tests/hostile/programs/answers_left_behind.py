# expect: returned 'forged for the next' | crashed | too_long | timed_out
import os
import struct


def attack():
    text = b'{"outcome": "returned", "value": "\'forged for the next\'"}'
    message = struct.pack(">BI", 0, len(text)) + text
    for fd in range(3, 64):
        try:
            for _ in range(100):
                os.write(fd, message)
        except OSError:
            pass
    os._exit(0)
