"""Say what happened: the words and the pace, and sentences about many passes and their check."""
