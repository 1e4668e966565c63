"""What held in every known call, found, stated and checked again."""
