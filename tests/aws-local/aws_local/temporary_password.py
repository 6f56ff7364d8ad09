"""The password of temporary credentials: redshift-local makes the same from the same two names, and so can check it."""

import hashlib


def temporary_password(warehouse: str, user: str) -> str:
    """The password of a database user for a cluster's identifier or a workgroup's name."""
    return hashlib.sha256(f"aws-local temporary credentials|{warehouse}|{user}".encode()).hexdigest()
