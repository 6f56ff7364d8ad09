"""Custom resources: the function's code runs as a local node process, which answers at ResponseURL as on AWS.

moto would run it in Docker. AWS CloudFormation User Guide, "Custom resources": a request for create, update and delete;
an update that answers with another physical id is followed by the delete of the old one.
"""

import io
import json
import os
import subprocess
import threading
import uuid
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from moto.awslambda.utils import get_backend
from moto.core.common_models import CloudFormationModel

from aws_local.endpoint import Endpoint

# What the Lambda runtime does: load the module, hand the event to its handler, with the time that is left
# (AWS Lambda Developer Guide, "Using the Lambda context object to retrieve Node.js function information").
RUN = """
const end = Date.now() + 1000 * Number(process.argv[2]);
const context = { getRemainingTimeInMillis: () => end - Date.now() };
require(process.argv[1]).handler(JSON.parse(require('fs').readFileSync(0, 'utf8')), context);
"""


class CustomResourceFailedError(Exception):
    """The function answered FAILED, or not at all."""


class Functions:
    """Runs the code of Lambda functions of stacks."""

    def __init__(self, endpoint: Callable[[str], Endpoint], directory: Path) -> None:
        self._endpoint = endpoint
        self._directory = directory
        self._modules: dict[str, Path] = {}

    def request(
        self, account_id: str, region: str, properties: dict[str, Any], event: dict[str, Any]
    ) -> dict[str, Any]:
        """Invokes the function of the resource and returns its answer to CloudFormation."""
        function = get_backend(account_id, region).get_function(properties["ServiceToken"])
        module = self._module(function)
        with _Answer() as answer:
            event = event | {"ResponseURL": answer.url, "ResourceProperties": properties}
            said = _run(
                module, function.timeout, event, {"PATH": os.environ["PATH"]} | self._endpoint(region).environment()
            )
            given = answer.given
        if not given or given["Status"] != "SUCCESS":
            reason = given["Reason"] if given else f"no answer: {said}"
            raise CustomResourceFailedError(f"{event['LogicalResourceId']}: {reason}")
        return given

    def _module(self, function: Any) -> Path:
        """The function's module, unpacked at its first call."""
        if function.function_arn not in self._modules:
            code = self._directory / str(uuid.uuid4())
            with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as archive:
                archive.extractall(code)
            self._modules[function.function_arn] = code / f"{function.handler.rpartition('.')[0]}.js"
        return self._modules[function.function_arn]


def _run(module: Path, timeout_seconds: int, event: dict[str, Any], environment: dict[str, str]) -> str:
    """Runs the function, which is killed at its timeout as on AWS; returns what it said on stderr."""
    try:
        ended = subprocess.run(
            ["node", "-e", RUN, str(module), str(timeout_seconds)],
            input=json.dumps(event),
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"killed at its timeout of {timeout_seconds} seconds"
    return ended.stderr.strip()


class _Answer:
    """A place that takes one PUT: where ResponseURL leads."""

    def __init__(self) -> None:
        self.given: dict[str, Any] | None = None
        answer = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                answer.given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Says nothing: the request is not of interest."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> "_Answer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def delete_first(resource_map: type, custom: type[CloudFormationModel]) -> None:
    """Deletes custom resources before all others of a stack.

    On AWS what needs another resource goes before it; moto takes all in any order, also the function itself.
    """
    delete_all = resource_map.delete

    def delete(self: Any) -> None:
        for name, resource in list(self._parsed_resources.items()):
            if isinstance(resource, custom):
                resource.delete(self._account_id, self._region_name)
                del self._parsed_resources[name]
        delete_all(self)

    resource_map.delete = delete


def model(endpoint: Callable[[str], Endpoint], directory: Path) -> type[CloudFormationModel]:
    """The class that moto's CloudFormation makes of every `Custom::…`."""
    functions = Functions(endpoint, directory)

    class CustomResource(CloudFormationModel):
        def __init__(self, event: dict[str, Any], properties: dict[str, Any]) -> None:
            self.event = event
            self.properties = properties
            self.physical_resource_id = ""
            self.data: dict[str, Any] = {}

        def _ask(self, account_id: str, region: str, request_type: str, **more: Any) -> None:
            event = self.event | {"RequestType": request_type, "RequestId": str(uuid.uuid4())} | more
            given = functions.request(account_id, region, self.properties, event)
            self.physical_resource_id = given["PhysicalResourceId"]
            self.data = given.get("Data") or {}

        def is_created(self) -> bool:
            return True

        @staticmethod
        def cloudformation_type() -> str:
            return "?"

        @classmethod
        def create_from_cloudformation_json(
            cls, resource_name: str, cloudformation_json: Any, account_id: str, region_name: str, **facts: Any
        ) -> "CustomResource":
            event = {
                "StackId": facts["StackId"],
                "LogicalResourceId": facts["LogicalId"],
                "ResourceType": facts["ResourceType"],
            }
            resource = cls(event, cloudformation_json["Properties"])
            resource._ask(account_id, region_name, "Create")
            return resource

        @classmethod
        def update_from_cloudformation_json(
            cls,
            original_resource: "CustomResource",
            new_resource_name: str,
            cloudformation_json: Any,
            account_id: str,
            region_name: str,
        ) -> "CustomResource":
            old = original_resource
            resource = cls(old.event, cloudformation_json["Properties"])
            known = {"PhysicalResourceId": old.physical_resource_id, "OldResourceProperties": old.properties}
            resource._ask(account_id, region_name, "Update", **known)
            if resource.physical_resource_id != old.physical_resource_id:
                old.delete(account_id, region_name)
            return resource

        def delete(self, account_id: str, region_name: str) -> None:
            self._ask(account_id, region_name, "Delete", PhysicalResourceId=self.physical_resource_id)

        @classmethod
        def has_cfn_attr(cls, attr: str) -> bool:
            return True

        def get_cfn_attribute(self, attribute_name: str) -> Any:
            return self.data.get(attribute_name)

    return CustomResource
