"""The command line: settings are read here, once; a command imports what it needs when it runs."""


def main() -> None:
    """Run the command line."""
    from kontora.cli.app import app

    app()
