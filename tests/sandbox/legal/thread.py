# policy: forbidden
import threading


def legal():
    worker = threading.Thread(target=print)
    worker.start()
    worker.join()
