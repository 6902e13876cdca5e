"""`python -m tests.bench`: how fast and how right the readers are, and what the whole way costs as the number grows."""
