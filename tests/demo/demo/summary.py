"""The tables at the end."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from demo.inventory import Inventory


def comparison(title: str, source: dict[str, int], target: dict[str, int]) -> list[str]:
    """Both sides' figures, name by name; a name that one side lacks shows as a dash."""
    rows = [("", "source", "target", "")]
    for name in {**source, **target}:
        left, right = source.get(name), target.get(name)
        rows.append((name, _figure(left), _figure(right), "equal" if left == right else "DIFFERENT"))
    return [title, *_aligned(rows)]


def durations(seconds: dict[str, float]) -> list[str]:
    """Seconds by phase, and their sum."""
    rows = [(name, f"{value:.1f}") for name, value in {**seconds, "together": sum(seconds.values())}.items()]
    return ["Seconds", *_aligned(rows)]


def not_carried_over(notes: list[dict[str, str]]) -> list[str]:
    """What stayed behind, why, and what to do."""
    if not notes:
        return ["Not carried over: nothing"]
    return ["Not carried over"] + [f"  {note['object']}: {note['reason']}; {note['remedy']}" for note in notes]


def report(told: dict[str, Any], page: Path) -> list[str]:
    """What the migration's own report says in short, and where it is."""
    cost = f"; Glue would ask about {told['cost']['dollars']:.4f} $" if told["cost"] else ""
    return [f"Report: {told['status']}: {told['summary']}{cost}", f"  {page}"]


def wrong(planned: dict[str, Any], migrated: dict[str, Any], again: dict[str, Any], differing: int) -> list[str]:
    """What is not as it should be: by the outcomes of the plan, the migration and the plan after it."""
    left = _steps(again)
    found = {
        "the plan for an empty target has no steps": _steps(planned) == 0,
        f"the migration ended as {migrated['status']}": migrated["status"] != "finished",
        f"source and target differ in {number_of(differing, 'figure')}": differing > 0,
        f"the plan after the migration still has {number_of(left, 'step')}": left > 0,
    }
    return [text for text, holds in found.items() if holds]


def number_of(count: int, thing: str) -> str:
    """`1 step`, `2 steps`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def _steps(outcome: dict[str, Any]) -> int:
    return sum(outcome["planned"].values())


def differences(source: Inventory, target: Inventory) -> int:
    """How many figures differ."""
    sides = ((source.objects, target.objects), (source.rows, target.rows))
    return sum(left.get(name) != right.get(name) for left, right in sides for name in {**left, **right})


def _figure(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _aligned(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """The first column to the left, figures to the right."""
    rows = list(rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  "
        + "  ".join(
            cell.rjust(width) if 0 < column < 3 else cell.ljust(width)  # noqa: PLR2004
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
