"""Hostile programs are run by the sandbox alone: no collector may import them."""

collect_ignore_glob = ["programs/*"]
