"""Old committee papers: reading one, and bringing it into a past quarter."""
