"""What the jobs wrote about a run: documents below `runs/<tenant>/<run id>/` of the data bucket."""

import json
import re
from dataclasses import dataclass
from typing import Any

from aws_local.endpoint import Endpoint
from aws_local.provision import DATA_PREFIX

FORMAT = 1


@dataclass(frozen=True)
class Table:
    """A table by its name."""

    schema: str
    name: str

    def __str__(self) -> str:
        """The name as SQL takes it, whatever is in it."""
        return ".".join('"' + part.replace('"', '""') + '"' for part in (self.schema, self.name))


@dataclass(frozen=True)
class Item:
    """The tables that one run of the data job moves."""

    uri: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Ledger:
    """The ledger of one run."""

    endpoint: Endpoint
    bucket: str
    tenant: str
    run_id: str

    def schema(self) -> dict[str, Any]:
        """What the schema job did."""
        return self._document("schema.json")

    def views(self) -> dict[str, Any]:
        """What the job of materialized views did."""
        return self._document("views.json")

    def items(self) -> list[Item]:
        """The tables that are to be moved, by the run that moves them."""
        return [self._item(_known(item)["tables"]) for item in self._read("tables.json")]

    def table(self, table: Table) -> dict[str, Any]:
        """How a table's move went."""
        return self._document(f"tables/{segment(table.schema)}/{segment(table.name)}.json")

    def _item(self, uri: str) -> Item:
        bucket, key = uri.removeprefix("s3://").split("/", 1)
        tables = _known(self._object(bucket, key))["tables"]
        return Item(uri, tuple(Table(table["schema"], table["table"]) for table in tables))

    def _document(self, name: str) -> dict[str, Any]:
        return _known(self._read(name))

    def _read(self, name: str) -> Any:
        key = f"{DATA_PREFIX}/runs/{segment(self.tenant)}/{segment(self.run_id)}/{name}"
        return self._object(self.bucket, key)

    def _object(self, bucket: str, key: str) -> Any:
        return json.load(self.endpoint.client("s3").get_object(Bucket=bucket, Key=key)["Body"])


def segment(text: str) -> str:
    """A name as a segment of a key: all but A-Z, a-z, 0-9, _ and - percent-encoded."""
    return re.sub(rb"[^A-Za-z0-9_-]", lambda byte: b"%%%02X" % byte[0][0], text.encode()).decode()


def _known(document: dict[str, Any]) -> dict[str, Any]:
    if document.get("format") != FORMAT:
        raise ValueError(f"the ledger has a document of format {document.get('format')}: use the demo of its version")
    return document
