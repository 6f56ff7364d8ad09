"""What moto's Step Functions needs to run what the CDK app synthesizes; each module mends one thing, and says what."""

from moto.core.config import default_user_config

from aws_local.step_functions import (
    child_history,
    context,
    definition,
    distributed_map,
    glue_run,
    jsonata_engine,
    task_result,
)


def install() -> None:
    """Makes executions run, and mends what stands in their way. Once a process."""
    if default_user_config["stepfunctions"].get("execute_state_machine"):
        return
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    child_history.install()
    context.install()
    definition.install()
    distributed_map.install()
    glue_run.install()
    jsonata_engine.install()
    task_result.install()
