import gc
import weakref


class Thing:
    pass


def legal():
    thing = Thing()
    reference = weakref.ref(thing)
    alive = reference() is thing
    del thing
    gc.collect()
    return alive, reference() is None
