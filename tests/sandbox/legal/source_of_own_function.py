import inspect


def double(x):
    return x + x


def legal():
    return inspect.getsource(double), inspect.getsourcelines(double)[1] > 0
