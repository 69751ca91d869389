"""Models: versions of what runs made, their stages and aliases, and who said so and why."""
