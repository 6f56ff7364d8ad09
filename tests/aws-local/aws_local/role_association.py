"""IAM roles of a warehouse: associated at once in name, in sync a moment later.

The statuses are those of ClusterIamRole (Amazon Redshift API Reference); a namespace reports the same words.
"""

from collections.abc import Callable, Iterable

# Long enough that a job which does not wait for in-sync meets `adding`, short enough not to slow the tests.
SECONDS_UNTIL_IN_SYNC = 0.3


class RoleAssociations:
    """The roles of one warehouse in the order of their association."""

    def __init__(self, clock: Callable[[], float], roles: Iterable[str] = ()) -> None:
        self._clock = clock
        self._since: dict[str, float] = dict.fromkeys(roles, float("-inf"))

    def modify(self, add: Iterable[str], remove: Iterable[str]) -> None:
        """Associates and dissociates; what is associated already stays as it is."""
        for role in remove:
            self._since.pop(role, None)
        for role in add:
            self._since.setdefault(role, self._clock())

    def replace(self, roles: Iterable[str]) -> None:
        """Leaves exactly these roles associated, as UpdateNamespace does."""
        wanted = list(roles)
        self.modify(wanted, [role for role in self._since if role not in wanted])

    def statuses(self) -> list[tuple[str, str]]:
        """Each role with `adding` or `in-sync`."""
        return [(role, "in-sync" if self._is_in_sync(since) else "adding") for role, since in self._since.items()]

    def all_in_sync(self) -> bool:
        """Whether no association is under way."""
        return all(self._is_in_sync(since) for since in self._since.values())

    def _is_in_sync(self, since: float) -> bool:
        return self._clock() - since >= SECONDS_UNTIL_IN_SYNC
