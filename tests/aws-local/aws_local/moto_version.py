"""The guard of all patches: they fit the internals of one exact version of moto."""

import moto

EXPECTED = "5.2.5"


def check() -> None:
    """Refuses to go on with another moto than the one whose internals the patches were written against."""
    if moto.__version__ != EXPECTED:
        raise SystemExit(
            f"aws-local patches moto {EXPECTED} but found moto {moto.__version__}: "
            "install the versions of tests/aws-local/requirements.txt"
        )
