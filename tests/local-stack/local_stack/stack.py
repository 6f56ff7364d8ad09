"""Start, stop and status of a stack."""

import json
import os
import secrets
import shutil
import sys
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from aws_local import provision
from aws_local.endpoint import Endpoint
from aws_local.provision import Deployment, Request, Warehouse

from local_stack import certificate
from local_stack.certificate import Certificates
from local_stack.daemon import Daemon

REGION = "eu-central-1"
ADMIN = "admin"
AWS, SOURCE, TARGET = "aws-local", "source", "target"
# Of different names, as a tenant's databases may be.
DATABASES = {SOURCE: "dev", TARGET: "warehouse"}
PARTS = (AWS, SOURCE, TARGET)


@dataclass(frozen=True)
class Programs:
    """What a stack is made of."""

    redshift_local: Path  # the executable
    postgres: Path  # the directory of PostgreSQL's bin, lib and share
    launcher: Path  # launch.py
    executables: Path  # the directory of the jobs' executables


@dataclass(frozen=True)
class Description:
    """A running stack."""

    endpoint: Endpoint
    ca: Path
    source: Warehouse
    target: Warehouse
    deployment: Deployment

    def to_json(self) -> str:
        """The description as JSON. It holds the warehouses' passwords."""
        return json.dumps(asdict(self) | {"ca": str(self.ca)})

    @classmethod
    def from_json(cls, text: str) -> "Description":
        """Reads what to_json wrote."""
        fields = json.loads(text)
        return cls(
            endpoint=Endpoint(**fields["endpoint"]),
            ca=Path(fields["ca"]),
            source=Warehouse(**fields["source"]),
            target=Warehouse(**fields["target"]),
            deployment=Deployment(**fields["deployment"]),
        )


class Stack:
    """A stack in a directory, which must be one that the user `nobody` can reach: PostgreSQL does not run as root."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._daemons = {name: Daemon(directory, name) for name in PARTS}

    @property
    def _description(self) -> Path:
        return self._directory / "stack.json"

    def pids(self) -> dict[str, int | None]:
        """Each part with its process id, or None where it does not run."""
        return {name: daemon.pid() for name, daemon in self._daemons.items()}

    def log(self, part: str) -> Path:
        """The log of a part."""
        return self._daemons[part].log

    def describe(self) -> Description | None:
        """The stack, if all of it runs."""
        if not self._description.exists() or not all(self.pids().values()):
            return None
        return Description.from_json(self._description.read_text())

    def start(self, programs: Programs, tenant: str, aws_options: tuple[str, ...] = ()) -> Description:
        """Starts a new and empty stack, unless all of it runs already; leaves nothing running when it cannot."""
        if running := self.describe():
            return running
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(mode=0o711, parents=True)
        try:
            description = self._start(programs, tenant, aws_options)
        except BaseException:
            self.stop()
            raise
        self._description.touch(mode=0o600)
        self._description.write_text(description.to_json())
        return description

    def stop(self) -> None:
        """Stops what runs: AWS first, since its Glue runs hold connections."""
        for daemon in self._daemons.values():
            daemon.stop()

    def _start(self, programs: Programs, tenant: str, aws_options: tuple[str, ...]) -> Description:
        certificates = certificate.create(self._directory)
        endpoint = self._start_aws(certificates, aws_options)
        source = self._start_warehouse(SOURCE, "provisioned", programs, certificates, endpoint)
        target = self._start_warehouse(TARGET, "serverless", programs, certificates, endpoint)
        request = Request(
            prefix="",
            region=REGION,
            tenant=tenant,
            launcher=programs.launcher,
            executables=programs.executables,
            source=source,
            target=target,
        )
        deployment = provision.provision(endpoint, request)
        return Description(endpoint, certificates.ca, source, target, deployment)

    def _start_aws(self, certificates: Certificates, options: tuple[str, ...]) -> Endpoint:
        command = [sys.executable, "-m", "aws_local", "serve"]
        command += ["--directory", str(self._directory), "--ca", str(certificates.ca), *options]
        environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        port = self._daemons[AWS].start(command, environment | {"AWS_EC2_METADATA_DISABLED": "true"})
        return Endpoint(f"http://127.0.0.1:{port}", REGION)

    def _start_warehouse(
        self, name: str, kind: str, programs: Programs, certificates: Certificates, endpoint: Endpoint
    ) -> Warehouse:
        password, namespace = new_password(), str(uuid.uuid4())
        options = {
            "--kind": kind,
            "--directory": self._directory / name,
            "--port": 0,
            "--postgres": programs.postgres,
            "--certificate": certificates.certificate,
            "--key": certificates.key,
            "--user": ADMIN,
            "--database": DATABASES[name],
            "--region": REGION,
            "--aws-endpoint": endpoint.url,
            "--identifier": name,
            "--namespace": namespace,
        }
        command = [str(programs.redshift_local)] + [str(word) for option in options.items() for word in option]
        environment = {"PATH": os.defpath, "REDSHIFT_LOCAL_PASSWORD": password} | endpoint.environment()
        port = self._daemons[name].start(command, environment)
        return Warehouse("localhost", port, DATABASES[name], ADMIN, password, namespace)


def new_password() -> str:
    """A password as CREATE USER wants it: 8 to 64 characters, upper and lower case, a digit (r_CREATE_USER)."""
    return f"Aa1{secrets.token_hex(16)}"
