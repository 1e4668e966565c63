backward = None
