import abc
import enum


class Colour(enum.Flag):
    RED = enum.auto()
    BLUE = enum.auto()


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self): ...


def legal():
    try:
        Shape()
    except TypeError:
        refused = True
    return refused, (Colour.RED | Colour.BLUE).value, Colour["BLUE"].name
