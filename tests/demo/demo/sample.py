"""The sample tenant of tests/scenarios/sample."""

from pathlib import Path

TENANT = "norrvik"
SCHEMAS = ("seedbank", "exchange")
SOURCE = Path(__file__).parents[2] / "scenarios/sample/source.sql"
