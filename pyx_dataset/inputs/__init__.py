"""Calls to try on a program."""
