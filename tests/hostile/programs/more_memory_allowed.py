# expect: raised
import resource


def attack():
    resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
