"""The launcher in a world whose minutes are seconds, for tests of credentials that expire."""

from pathlib import Path

# How long the endpoint takes the credentials, and how long the executable may hold them until it asks again.
LIFETIME_SECONDS, FRESH_SECONDS = 6.0, 2
# botocore renews credentials ten minutes before they expire, and holds those of a metadata service that are about to
# for good until twenty minutes later: here it renews them each time.
BEFORE = """
import botocore.credentials
for name in ("_advisory_refresh_timeout", "_mandatory_refresh_timeout"):
    assert hasattr(botocore.credentials.RefreshableCredentials, name)
    setattr(botocore.credentials.RefreshableCredentials, name, 60 * 60)
"""


def short_lived(launcher: Path, directory: Path) -> Path:
    """Writes that launcher into the directory."""
    text, given = launcher.read_text(), "FRESH_SECONDS = 60"
    if text.count(given) != 1:
        raise ValueError(f"{launcher} does not say {given}")
    short = directory / launcher.name
    short.write_text(BEFORE + text.replace(given, f"FRESH_SECONDS = {FRESH_SECONDS}"))
    return short
