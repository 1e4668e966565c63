"""Where a teacher is asked: problems, inputs, monologues and rationales, each judged at once."""
