"""What a team agrees on: which runs may go on, and where models stand."""
