"""Sets the program up on a fresh machine. Standard library only: it runs before anything is installed."""
