import time


def legal():
    start = time.monotonic()
    time.sleep(0.01)
    return 0.01 <= time.monotonic() - start < 5, time.time() > 1e9, time.process_time() >= 0
