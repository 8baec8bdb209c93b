"""TLS to banks: verified always, one context per client certificate and bundle."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from kontora.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files: the client certificate (QWAC) with its key, and a bundle of authorities to trust.

    Without `ca_bundle` the authorities of the operating system are trusted.
    """

    certificate: Path | None = None
    key: Path | None = None
    ca_bundle: Path | None = None


SYSTEM_TRUST = TlsFiles()


def tls_context(files: TlsFiles) -> ssl.SSLContext:
    """Make a verifying client context, TLS 1.2 or newer; environment variables change nothing.

    Raises: ConfigurationError, if a file cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _trust(context, files.ca_bundle)
    if files.certificate is not None:
        try:
            context.load_cert_chain(files.certificate, files.key, password=_no_password)
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                f"{files.certificate} and its key must be PEM, unencrypted, and belong together."
            ) from error
    return context


def _trust(context: ssl.SSLContext, bundle: Path | None) -> None:
    if bundle is not None:
        try:
            context.load_verify_locations(cafile=bundle)
        except (OSError, ValueError) as error:
            raise ConfigurationError(f"{bundle} cannot be used as a bundle of certificates.") from error
        return
    # The paths that OpenSSL was built with: unlike the defaults they ignore SSL_CERT_FILE and SSL_CERT_DIR.
    paths = ssl.get_default_verify_paths()
    file = paths.openssl_cafile if Path(paths.openssl_cafile).is_file() else None
    folder = paths.openssl_capath if Path(paths.openssl_capath).is_dir() else None
    if file is None and folder is None:
        raise ConfigurationError("This machine has no bundle of certificate authorities. Set `ca_bundle`.")
    context.load_verify_locations(cafile=file, capath=folder)


def _no_password() -> str:
    raise ValueError("encrypted keys are not supported")
