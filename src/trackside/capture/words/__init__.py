"""What names, numbers and texts tell by themselves."""
