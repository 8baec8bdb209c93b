"""What ends the demo early."""


class DemoFailed(Exception):
    """The demo cannot go on; the message says what a person can do."""
