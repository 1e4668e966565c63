import warnings


def legal():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            warnings.warn("old", DeprecationWarning)
        except DeprecationWarning as error:
            return str(error)
