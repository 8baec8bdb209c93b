"""Children forked from a warm process, one for each task: whatever they held is gone with them."""
