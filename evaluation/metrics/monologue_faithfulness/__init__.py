"""The `monologue_faithfulness` metric."""
