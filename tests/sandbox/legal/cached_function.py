import functools


@functools.lru_cache(maxsize=None)
def paths(rows, columns):
    if rows == 1 or columns == 1:
        return 1
    return paths(rows - 1, columns) + paths(rows, columns - 1)


def legal():
    return paths(12, 12), paths.cache_info().misses
