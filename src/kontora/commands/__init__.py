"""What a client may ask for, and how commands are accepted, queued and run."""
