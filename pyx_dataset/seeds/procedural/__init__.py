"""Programs without end: composed from the idioms that people's code is made of."""
