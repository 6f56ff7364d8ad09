"""The endpoint: one HTTP server on 127.0.0.1 that answers for every service, and the Glue runs that it started."""

import logging
import os
import threading
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from aws_local import credentials, glue, metadata, moto_version, redshift, s3, vpc_endpoints
from aws_local.credentials import Issuer, RefuseExpired
from aws_local.endpoint import Endpoint
from aws_local.metadata import MetadataService
from aws_local.on_demand import OnDemand
from aws_local.redshift_serverless_http import RedshiftServerlessApplication

ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class RunCredentials:
    """How a Glue run comes by the credentials of its role."""

    version: metadata.Version = metadata.Version.V1  # of the metadata service
    lifetime_seconds: float = credentials.LIFETIME_SECONDS


class Server:
    """A running endpoint. Its Glue runs are kept in `<directory>/runs/<job>/<run id>/`."""

    def __init__(
        self,
        directory: Path,
        port: int = 0,
        ca: Path | None = None,
        run_credentials: RunCredentials = RunCredentials(),
    ) -> None:
        """Binds the port (0: any free one); `ca` is the certificate authority that runs trust for their warehouses."""
        moto_version.check()
        self._ca = ca.resolve() if ca else None
        self._run_credentials = run_credentials
        self.issuer = Issuer(run_credentials.lifetime_seconds)
        runtime = glue.Runtime(
            (directory / "runs").resolve(), self._endpoint, self._run_environment, self.metadata_service
        )
        self._runs = glue.Runs(runtime)
        self._runs.install()
        redshift.install()
        s3.install()
        vpc_endpoints.install()
        self._functions = (directory / "functions").resolve()
        application = RedshiftServerlessApplication(DomainDispatcherApplication(create_backend_app))
        application = OnDemand(application, ("cloudformation", "states"), self._install_deployment)
        application = RefuseExpired(application, self.issuer)
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self._server = make_server(ADDRESS, port, application, threaded=True, request_handler=MotoRequestHandler)
        self.port: int = self._server.server_port
        self.url = f"http://{ADDRESS}:{self.port}"
        # Where moto's Step Functions send their own calls.
        os.environ["MOTO_PORT"] = str(self.port)
        self._thread = threading.Thread(target=self._server.serve_forever, name="aws-local", daemon=True)

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stops the Glue runs that still run, then the endpoint."""
        self._runs.stop()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def metadata_service(self, role: str) -> MetadataService:
        """What a run with this role finds its credentials at."""
        return MetadataService(role, lambda: self.issuer.current(role), self._run_credentials.version)

    def _install_deployment(self) -> None:
        import_module("aws_local.step_functions").install()
        import_module("aws_local.cloud_formation").install(self._endpoint, self._functions)

    def _endpoint(self, region: str) -> Endpoint:
        return Endpoint(self.url, region)

    def _run_environment(self, region: str, directory: Path) -> dict[str, str]:
        """What a Glue run finds: the way to this endpoint, and neither credentials nor a Region."""
        environment = {"PATH": os.defpath, "HOME": str(directory), "TMPDIR": str(directory)}
        environment |= self._endpoint(region).address()
        if self._ca:
            environment["SSL_CERT_FILE"] = str(self._ca)
        return environment
