"""Who writes text beside the narrator: what is asked, what it may cost, what came back."""
