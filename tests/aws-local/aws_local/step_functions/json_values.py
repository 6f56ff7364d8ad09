"""Answers of boto3 as the JSON that a state sees."""

import datetime
from typing import Any


def timestamp(moment: datetime.datetime) -> str:
    """A moment as Step Functions writes it."""
    return moment.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_json(value: Any, in_milliseconds: bool) -> Any:
    """Streams read, bytes decoded; a moment is a number of milliseconds in the optimized integrations, else text."""
    if isinstance(value, datetime.datetime):
        return int(value.timestamp() * 1000) if in_milliseconds else timestamp(value)
    if isinstance(value, dict):
        return {key: as_json(item, in_milliseconds) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item, in_milliseconds) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.read().decode("utf-8") if hasattr(value, "read") else value
