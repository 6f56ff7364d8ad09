"""What IAM policies allow, as far as those of this project go (IAM User Guide, "Policy evaluation logic")."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """A request that IAM decides on."""

    action: str
    resource: str = "*"
    context: dict[str, str] = field(default_factory=dict)


def allows(documents: Iterable[dict[str, Any]], call: Call) -> bool:
    """Whether a statement of the policies allows the call; none of ours denies."""
    return any(_matches(statement, call) for document in documents for statement in document["Statement"])


def actions(documents: Iterable[dict[str, Any]]) -> set[str]:
    """Every action that the policies name."""
    return {
        action for document in documents for statement in document["Statement"] for action in many(statement["Action"])
    }


def many(value: str | list[str]) -> list[str]:
    """A policy has one text, or a list of them."""
    return [value] if isinstance(value, str) else value


def _matches(statement: dict[str, Any], call: Call) -> bool:
    if statement["Effect"] != "Allow":
        raise ValueError(f"no policy of ours has the effect {statement['Effect']}")
    return (
        any(_like(pattern.lower(), call.action.lower()) for pattern in many(statement["Action"]))
        and any(_like(pattern, call.resource) for pattern in many(statement["Resource"]))
        and all(_holds(operator, keys, call) for operator, keys in statement.get("Condition", {}).items())
    )


def _holds(operator: str, keys: dict[str, Any], call: Call) -> bool:
    if operator != "StringEquals":
        raise ValueError(f"the condition operator {operator} is not known here")
    return all(call.context.get(key) in many(wanted) for key, wanted in keys.items())


def _like(pattern: str, text: str) -> bool:
    parts = (".*" if it == "*" else "." if it == "?" else re.escape(it) for it in pattern)
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None
