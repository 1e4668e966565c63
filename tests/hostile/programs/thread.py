# expect: forbidden
import threading
import time


def attack():
    threading.Thread(target=time.sleep, args=(1000,)).start()
