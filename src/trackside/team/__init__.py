"""What a team agrees on: what its runs must have, which of them others are held against, which models go on."""
