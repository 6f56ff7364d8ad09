"""JSONata: moto has the frame for its expressions, but no engine.

Here it is jsonata-python with the functions that Step Functions adds to the language.

AWS Step Functions Developer Guide, "Transforming data with JSONata".
"""

import json
import sys
import uuid
from typing import Any

import jsonata
from moto.stepfunctions.parser.asl.jsonata import jsonata as frame


def _plain(value: Any) -> Any:
    """A value of the engine as Python's JSON module would have read it."""
    if value is jsonata.Utils.NULL_VALUE:
        return None
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def evaluate(expression: str) -> Any:
    """The value of an expression; whatever the engine dislikes is moto's own error for it."""
    try:
        compiled = jsonata.Jsonata(expression)
        compiled.register_lambda("parse", json.loads)
        compiled.register_lambda("uuid", lambda: str(uuid.uuid4()))
        return _plain(compiled.evaluate(None))
    except Exception as error:  # the engine raises many kinds
        raise frame.JSONataException("UNKNOWN", str(error)) from error


def declare(bindings: dict[str, Any]) -> str:
    """Variables before an expression; moto leaves quotes in texts as they are."""
    return "".join(f"{name}:={json.dumps(value, default=str)};" for name, value in bindings.items())


def install() -> None:
    """Puts the engine wherever moto has imported its frame."""
    put = {"eval_jsonata_expression": evaluate, "encode_jsonata_variable_declarations": declare}
    for module in [it for name, it in sys.modules.items() if name.startswith("moto.stepfunctions.parser.")]:
        for name, function in put.items():
            if hasattr(module, name):
                setattr(module, name, function)
