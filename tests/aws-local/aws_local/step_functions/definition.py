"""Definitions: what moto's grammar does not take. Only what is parsed is rewritten, not what is kept.

A tolerated percentage has a fraction there; and ResultWriter has Parameters, while in JSONata it has Arguments.
"""

import json
from typing import Any

from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.parse.preprocessor import Preprocessor


def _rewritten(node: Any) -> Any:
    if isinstance(node, list):
        return [_rewritten(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: _rewritten(value) for key, value in node.items()}
    if isinstance(node.get("ToleratedFailurePercentage"), int):
        node["ToleratedFailurePercentage"] = float(node["ToleratedFailurePercentage"])
    if "ResultWriter" in node:
        writer = node["ResultWriter"]
        node["ResultWriter"] = {"Parameters" if key == "Arguments" else key: writer[key] for key in writer}
    return node


def install() -> None:
    """Puts the rewriting before moto's parser."""
    parse = AmazonStateLanguageParser.parse
    visit_result_writer = Preprocessor.visitResult_writer_decl

    def parse_rewritten(definition: str) -> Any:
        return parse(json.dumps(_rewritten(json.loads(definition))))

    def visit_in_any_language(self: Any, context: Any) -> Any:
        # Parameters are refused in JSONata; these are Arguments. Their expressions are left to distributed_map.
        self._raise_if_query_language_is_not = lambda **_: None
        try:
            return visit_result_writer(self, context)
        finally:
            del self._raise_if_query_language_is_not

    AmazonStateLanguageParser.parse = staticmethod(parse_rewritten)
    Preprocessor.visitResult_writer_decl = visit_in_any_language
