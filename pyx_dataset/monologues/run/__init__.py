"""What a run shows: the code by statements, the trace by moments, and what is inside a line."""
