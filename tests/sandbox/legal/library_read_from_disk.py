import xml.etree.ElementTree as tree


def legal():
    import configparser
    import difflib

    root = tree.fromstring("<a><b>1</b><b>2</b></a>")
    parser = configparser.ConfigParser()
    parser.read_string("[s]\nk = v\n")
    return [node.text for node in root], parser["s"]["k"], difflib.get_close_matches("ab", ["abc"])
