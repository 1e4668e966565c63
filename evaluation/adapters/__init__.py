"""Our tasks and our grading inside the harnesses that others evaluate with."""
