import inspect


class Point:
    x = 1

    def moved(self, by):
        return self.x + by


def legal():
    return inspect.getsource(Point), inspect.getsource(Point.moved)
