"""The command `kontobank`: serve the bank, list the scenarios, issue documents."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from kontobank import documents
from kontobank.scenario_table import as_json, as_markdown, as_text
from kontobank.settings import NotAllowedHere, Settings, check_surroundings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    options = _parser().parse_args(arguments)
    if options.command == "scenarios":
        render = as_json if options.json else as_markdown if options.markdown else as_text
        print(render(), end="")
        return 0
    if options.command == "issuer":
        from kontobank.statements.practice_keys import issuer_pem

        print(issuer_pem(), end="")
        return 0
    if options.command in documents.COMMANDS:
        return documents.issue(options)
    settings = _settings(options)
    try:
        check_surroundings(settings, os.environ)
    except NotAllowedHere as refusal:
        print(f"kontobank: {refusal}", file=sys.stderr)
        return 2
    from kontobank.server import serve

    serve(settings)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kontobank", description="KontoBank, the practice bank.")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve the bank until it is stopped")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    serve.add_argument("--port", type=int, default=8790, help="port; 0 takes a free one (default: 8790)")
    serve.add_argument("--public-url", help="start of the links in answers of the API")
    serve.add_argument(
        "--pages-url", help="start of links to the pages and to OAuth (default: the public URL)"
    )
    serve.add_argument("--seed", type=int, default=1, help="another seed, other people (default: 1)")
    serve.add_argument("--delay-ms", type=float, default=0.0, help="delay of every call of the API")
    serve.add_argument(
        "--now", type=documents.moment, help="start the clock here, for example 2026-01-31T12:00:00Z"
    )
    serve.add_argument("--log-level", default="warning", choices=("debug", "info", "warning", "error"))
    serve.add_argument("--tls-certificate", type=Path, help="certificate chain (PEM) to serve HTTPS with")
    serve.add_argument("--tls-key", type=Path, help="private key (PEM) of the certificate")
    serve.add_argument("--client-ca", type=Path, help="demand client certificates of this authority (PEM)")
    serve.add_argument("--require-signature", action="store_true", help="take signed requests only")
    serve.add_argument(
        "--allow-remote", action="store_true", help="listen also where other machines reach it"
    )
    table = commands.add_parser("scenarios", help="list the logins and what they find")
    form = table.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--markdown", action="store_true", help="as the page of the documentation")
    documents.add_commands(commands)
    commands.add_parser("issuer", help="print the certificate that the bank's seal is checked with (PEM)")
    return parser


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        host=options.host,
        port=options.port,
        public_url=options.public_url.rstrip("/") if options.public_url else None,
        pages_url=options.pages_url.rstrip("/") if options.pages_url else None,
        seed=options.seed,
        delay_ms=options.delay_ms,
        now=options.now,
        log_level=options.log_level,
        tls_certificate=options.tls_certificate,
        tls_key=options.tls_key,
        client_ca=options.client_ca,
        require_signature=options.require_signature,
        allow_remote=options.allow_remote,
    )
