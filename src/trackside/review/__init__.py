"""Reviews: what ran in a time, what came of it and what is to be decided, as a notebook and as a page of its own."""
