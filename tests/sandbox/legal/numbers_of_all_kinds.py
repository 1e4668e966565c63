import cmath
import decimal
import fractions
import statistics


def legal():
    with decimal.localcontext() as context:
        context.prec = 30
        third = str(decimal.Decimal(1) / 3)
    half = str(fractions.Fraction(3, 6))
    return third, half, statistics.pstdev([1, 2, 4]), cmath.sqrt(-4)
