import logging
import sys

logging.basicConfig(stream=sys.stdout, format="%(levelname)s %(message)s", level=logging.INFO)


def legal():
    logging.info("started")
    return logging.getLogger("a.b").isEnabledFor(logging.INFO)
