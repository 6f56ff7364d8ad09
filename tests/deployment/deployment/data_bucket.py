"""What lies in the bucket of a deployed environment."""

import json
from dataclasses import dataclass
from typing import Any

from aws_local.endpoint import Endpoint

REPORT_PAGE, REPORT_DOCUMENT = "report.html", "migration_report.json"


@dataclass(frozen=True)
class DataBucket:
    """The bucket of this name, as an operator with the right to read it sees it."""

    endpoint: Endpoint
    name: str

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin so."""
        pages = self.endpoint.client("s3").get_paginator("list_objects_v2")
        listed = pages.paginate(Bucket=self.name, Prefix=prefix)
        return [it["Key"] for page in listed for it in page.get("Contents", [])]

    def read(self, key: str) -> bytes:
        """An object, by its key or its URI."""
        key = key.removeprefix(f"s3://{self.name}/")
        return self.endpoint.client("s3").get_object(Bucket=self.name, Key=key)["Body"].read()

    def document(self, key: str) -> Any:
        """An object that is JSON, by its key or its URI."""
        return json.loads(self.read(key))

    def report(self, outcome: dict[str, Any]) -> dict[str, Any]:
        """The report that a run's outcome names, which lies beside its page."""
        return self.document(outcome["report"].replace(REPORT_PAGE, REPORT_DOCUMENT))
