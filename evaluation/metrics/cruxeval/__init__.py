"""The `cruxeval` metric."""
