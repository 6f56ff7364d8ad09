"""What jobs and state machine leave of a run, written by hand: the forms are those of jobs/migration/src/outcome."""

import json
import string
from dataclasses import dataclass
from typing import Any

# As the keys of the ledger have it: a segment percent-encodes everything else.
PLAIN = set((string.ascii_letters + string.digits + "_-").encode())
PREFIX = "some/prefix"
BEGAN = "2026-01-31T10:00:00.123Z"

Name = tuple[str, str]  # schema and table


def segment(text: str) -> str:
    """A name as a segment of a key."""
    return "".join(chr(byte) if byte in PLAIN else f"!{byte:02X}" for byte in text.encode())


def note(about: str, reason: str, remedy: str) -> dict[str, str]:
    """What a person should know of one object."""
    return {"object": about, "reason": reason, "remedy": remedy}


def failed_step(verb: str, about: str, phase: str = "views", message: str = "no") -> dict[str, str]:
    """A step of the plan that the target refused."""
    told = {"kind": "denied", "message": message, "remedy": "grant it, and start the run again"}
    return {"id": f"{verb} {about}", "object": about, "phase": phase} | told


@dataclass(frozen=True)
class RunDocuments:
    """The documents of one run of one tenant, in a bucket below PREFIX."""

    s3: Any
    bucket: str
    tenant: str
    run_id: str

    @property
    def folder(self) -> str:
        """The key below which they lie, with its final slash."""
        return f"{PREFIX}/runs/{segment(self.tenant)}/{segment(self.run_id)}/"

    def put(self, name: str, document: Any) -> None:
        """Puts one of them."""
        self.s3.put_object(Bucket=self.bucket, Key=self.folder + name, Body=json.dumps(document).encode())

    def finished(self, names: list[Name], **of_each: Any) -> None:
        """A run in which all went well with these tables, each of which has the same figures."""
        self.schema(applied=len(names))
        self.lists(names)
        for name in names:
            self.moved(name, **of_each)
        self.views()

    def schema(self, **fields: Any) -> None:
        """What became of the first stage of the plan."""
        self.put("schema.json", self._applied("migrate-schema") | fields)

    def views(self, **fields: Any) -> None:
        """What became of the second."""
        self.put("views.json", self._applied("refresh-views") | fields)

    def lists(self, *lists: list[Name], megabytes: int = 3) -> None:
        """Which tables are to move, by the run that is to move them."""
        items = []
        for number, names in enumerate(lists, 1):
            tables = [{"schema": schema, "table": table, "megabytes": megabytes} for schema, table in names]
            self.put(f"items/{number:04}.json", {"format": 1, "tables": tables})
            sums = {"count": len(names), "megabytes": megabytes * len(names)}
            items.append({"format": 1, "tables": self.item(number)} | sums)
        self.put("tables.json", items)

    def item(self, number: int) -> str:
        """How `tables.json` names one of its lists."""
        return f"s3://{self.bucket}/{self.folder}items/{number:04}.json"

    def moved(
        self,
        name: Name,
        *,
        rows: int = 10,
        size: int = 100,
        files: int = 1,
        unload: float = 1.5,
        copy: float = 2.5,
        stage: str = "verified",
    ) -> None:
        """A table that moved; the times are seconds, its size is in bytes."""
        fields = {
            "status": "finished",
            "stage": stage,
            "rows": {"unloaded": rows, "loaded": rows, "target": rows, "replaced": 0},
            "files": files,
            "bytes": size,
            "seconds": {"unload": unload, "copy": copy},
        }
        self._table(name, fields)

    def failed(
        self,
        name: Name,
        message: str = "permission denied",
        remedy: str = "grant it, and move the table again",
        stage: str = "planned",
    ) -> None:
        """A table that did not."""
        error = {"kind": "denied", "message": message, "remedy": remedy}
        self._table(name, {"status": "failed", "stage": stage, "error": error})

    def run_failed(self, number: int, cause: str) -> None:
        """A run of the data job that failed as a whole, as the state machine tells."""
        self.put(
            f"failures/{number:04}.json", {"format": 1, "tables": self.item(number), "cause": cause, "began": BEGAN}
        )

    def _applied(self, job: str) -> dict[str, Any]:
        named = {"format": 1, "job": job, "tenant": self.tenant, "run_id": self.run_id}
        plan = {"plan_sha256": "0" * 64, "dry_run": False, "planned_by_phase": {"tables": 7}}
        done = {"status": "finished", "starts": 1, "applied": 7, "applied_by_phase": {"tables": 7}}
        lists = ("failed", "skipped", "blockers", "not_carried_over", "border")
        return named | plan | done | {name: [] for name in lists} | {"error": None}

    def _table(self, name: Name, fields: dict[str, Any]) -> None:
        schema, table = name
        document = {
            "format": 1,
            "tenant": self.tenant,
            "run_id": self.run_id,
            "schema": schema,
            "table": table,
            "unloaded": None,
            "rows": {"unloaded": None, "loaded": None, "target": None, "replaced": None},
            "files": None,
            "bytes": None,
            "seconds": {"unload": None, "copy": None},
            "error": None,
        }
        self.put(f"tables/{segment(schema)}/{segment(table)}.json", document | fields)
