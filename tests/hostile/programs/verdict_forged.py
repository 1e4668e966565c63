# expect: returned 'forged' | crashed
import json
import os
import struct


def attack():
    text = json.dumps({"outcome": "returned", "value": "'forged'"}).encode()
    for fd in range(3, 64):
        try:
            os.write(fd, struct.pack(">BI", 0, len(text)) + text)
        except OSError:
            pass
    os._exit(0)
