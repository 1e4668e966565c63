"""Score models on what code does: generate answers, grade them, report before and after."""
