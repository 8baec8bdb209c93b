"""What is switched on for a client: asked before the work, and told with the way to switch it on."""

from __future__ import annotations

from kontora.commands.answers import Client
from kontora.errors import CommandNotAvailable

LABELS, VENDORS, SCORE, PDF, MULTIPLE = "labels", "vendors", "score", "pdf", "multiple"
_SPOKEN = {
    LABELS: "Labels are",
    VENDORS: "Vendors are",
    SCORE: "Scores are",
    PDF: "PDFs are",
    MULTIPLE: "Multiple access is",
}


def check_feature(client: Client, feature: str) -> None:
    """Let a client go on that has a feature.

    Raises: CommandNotAvailable, if it has not; the message says how it gets it.
    """
    if feature not in client.features:
        raise CommandNotAvailable(
            f"{_SPOKEN[feature]} not switched on for this client. The operator can: kontora client set"
            f" {client.id} --enable {feature}"
        )
