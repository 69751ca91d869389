"""What a cell puts out: taken down while it runs, made a record at its end."""
