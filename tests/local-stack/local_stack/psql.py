"""Stock psql against a warehouse, as a DBA would use it. The password goes through the environment."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from aws_local.provision import Warehouse


class PsqlError(Exception):
    """psql ended with an error; the text is what it said."""


@dataclass(frozen=True)
class Psql:
    """psql for one warehouse, whose certificate it verifies."""

    warehouse: Warehouse
    ca: Path

    def run(self, file: Path, **variables: str) -> list[list[str]]:
        """Runs a file of SQL and returns the rows of its queries as text; `variables` are psql's own."""
        command = ["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        warehouse = self.warehouse
        command += ["-h", warehouse.host, "-p", str(warehouse.port), "-U", warehouse.username, "-d", warehouse.database]
        environment = {
            "PATH": os.environ["PATH"],
            "PGPASSWORD": warehouse.password,
            "PGSSLMODE": "verify-full",
            "PGSSLROOTCERT": str(self.ca),
            "PGCLIENTENCODING": "UTF8",
        }
        ended = subprocess.run(
            [*command, "-f", str(file)], env=environment, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            raise PsqlError(f"psql cannot run {file.name}: {ended.stderr.strip()}")
        return [line.split("\t") for line in ended.stdout.splitlines()]
