"""Bringing figures in from files: reading, understanding, comparing, and the batches that write them."""
