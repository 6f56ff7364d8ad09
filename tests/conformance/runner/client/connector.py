"""Sends what arrives on standard input through the official redshift_connector, one line of JSON a message.

A line holds the statements of one record, which the driver takes one at a time (it prepares each). A line comes back:
the rows as text and how many columns there are, or SQLSTATE and message of the statement that failed. The first line
that comes back tells how the login went.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import redshift_connector


def connect() -> redshift_connector.Connection:
    """Opens a session with verification of chain and host name."""
    connection = redshift_connector.connect(
        host=os.environ["REDSHIFT_HOST"],
        port=int(os.environ["REDSHIFT_PORT"]),
        database=os.environ["REDSHIFT_DATABASE"],
        user=os.environ["REDSHIFT_USER"],
        password=os.environ["REDSHIFT_PASSWORD"],
        application_name="conformance",
        ssl=True,
        sslmode="verify-full",
    )
    connection.autocommit = True
    return connection


def text(value: Any) -> str | None:
    """The value as the warehouse prints it."""
    if value is None:
        return None
    match value:
        case bool():
            printed = "t" if value else "f"
        case float():
            printed = f"{value:.15g}"
        case datetime():
            printed = zone(value.isoformat(" "))
        case time():
            printed = zone(value.isoformat())
        case list() | tuple():
            printed = "{" + ",".join("NULL" if item is None else str(text(item)) for item in value) + "}"
        case bytes():
            printed = value.hex()
        case _:
            printed = str(value)
    return printed


def zone(moment: str) -> str:
    """The offset from UTC without minutes that are none."""
    return moment.removesuffix(":00") if moment[-6:-5] in "+-" and moment.endswith(":00") else moment


def answers(connection: redshift_connector.Connection) -> Iterator[dict[str, Any]]:
    """What comes of each line."""
    for line in sys.stdin:
        answer: dict[str, Any] = {"columns": 0, "rows": []}
        try:
            for statement in json.loads(line):
                with connection.cursor() as cursor:
                    cursor.execute(statement)
                    if cursor.description:
                        answer["columns"] = len(cursor.description)
                        answer["rows"] += [[text(value) for value in row] for row in cursor.fetchall()]
        except redshift_connector.Error as error:
            answer = refusal(error)
        yield answer


def refusal(error: Exception) -> dict[str, Any]:
    """SQLSTATE and message, where the warehouse gave them."""
    fields = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    return {"sqlstate": fields.get("C"), "message": fields.get("M", str(error))}


def main() -> None:
    """Answers until standard input ends."""
    try:
        connection = connect()
    except (redshift_connector.Error, OSError) as error:
        print(json.dumps(refusal(error)), flush=True)
        return
    print(json.dumps({"columns": 0, "rows": []}), flush=True)
    for answer in answers(connection):
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
