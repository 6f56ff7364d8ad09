"""Distributed Map: tolerated failures, and the files of its results.

AWS Step Functions Developer Guide, "Setting failure thresholds for Distributed Map states" and "ResultWriter".
Limits: a map past its threshold does not stop the executions that run already; the output of a failed item without
ResultWriter is a guess.
"""

import json
import uuid
from typing import Any

from moto.stepfunctions.parser.api import ExecutionFailedEventDetails, HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.common.string.string_expression import StringJSONata
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import (
    DistributedIterationComponent,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor.distributed_item_processor_worker import (  # noqa: E501
    DistributedItemProcessorWorker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.job import JobPool
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval.resource_eval_s3 import (
    ResourceEvalS3,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import ProgramError

from aws_local.step_functions import child_history
from aws_local.step_functions.json_values import as_json

THRESHOLD = StatesErrorNameType.StatesExceedToleratedFailureThreshold
THRESHOLD_CAUSE = "The specified tolerated failure threshold was exceeded"

_evaluate_job = DistributedItemProcessorWorker._eval_job


def _run_map(component: Any, env: Any, eval_input: Any) -> None:
    """Runs all items; an error of a worker, such as a passed threshold, is the map's."""
    items = as_json(env.stack.pop(), in_milliseconds=False)
    record = eval_input.map_run_record
    record.item_total, record.failed_total, record.results = len(items), 0, []
    pool = JobPool(job_program=component._get_iteration_program(), job_inputs=items)
    if items:
        for _ in range(min(record.max_concurrency or len(items), len(items))):
            component._launch_worker(env=env, eval_input=eval_input, job_pool=pool)
        pool.await_jobs()
        if pool.get_worker_exception() is not None:
            raise pool.get_worker_exception()
    env.stack.append([job.job_output for job in pool.get_closed_jobs()])


def _run_job(worker: Any, env: Any, job: Any) -> None:
    child_history.begin(env, job)
    try:
        _run_counted(worker, env, job)
    except Exception as error:  # a worker that dies would leave its map waiting for ever
        job.job_output = error


def _run_counted(worker: Any, env: Any, job: Any) -> None:
    record = worker._map_run_record
    _evaluate_job(worker, env, job)
    state = env.program_state()
    error = getattr(state, "error", None)
    if not isinstance(state, ProgramError) and (job.job_output is not None or error is None):
        record.results.append(_result(record, job, "SUCCEEDED", Output=json.dumps(job.job_output, default=str)))
        return
    cause = {"Error": (error or {}).get("error"), "Cause": (error or {}).get("cause")}
    record.results.append(_result(record, job, "FAILED", **cause))
    record.failed_total += 1
    # Either is enough; a count of zero is one that is not given.
    past_share = record.failed_total * 100 > (record.tolerated_failure_percentage or 0) * record.item_total
    past_count = record.tolerated_failure_count and record.failed_total > record.tolerated_failure_count
    if past_share or past_count:
        job.job_output = _threshold_passed(env)
    else:
        job.job_output = {"Status": "FAILED"} | cause


def _result(record: Any, job: Any, status: str, **more: Any) -> dict[str, Any]:
    name = str(uuid.uuid4())
    machine = record.map_state_machine_arn
    execution = machine.replace(":stateMachine:", ":execution:") + f":{name}"
    child_history.keep(execution, job)
    facts = {"ExecutionArn": execution, "Name": name, "StateMachineArn": machine, "Status": status}
    return facts | {"Input": json.dumps(job.job_input)} | more


def _threshold_passed(env: Any) -> FailureEventException:
    details = ExecutionFailedEventDetails(error=THRESHOLD.to_name(), cause=THRESHOLD_CAUSE)
    event = FailureEvent(
        env=env,
        error_name=StatesErrorName(typ=THRESHOLD),
        event_type=HistoryEventType.MapRunFailed,
        event_details=EventDetails(executionFailedEventDetails=details),
    )
    return FailureEventException(failure_event=event)


def _value(env: Any, text: str) -> Any:
    """The value of an argument, which may be an expression."""
    if not (text.startswith("{%") and text.endswith("%}")):
        return text
    StringJSONata(text[2:-2].strip()).eval(env)
    return env.stack.pop()


def _write_results(env: Any, resource_runtime_part: Any, state_credentials: Any) -> None:
    """A file for each status that occurred, and the manifest that names them; the map's output names the manifest."""
    place = {name: _value(env, text) for name, text in env.stack.pop().items()}
    env.stack.pop()
    client = ResourceEvalS3._get_s3_client(
        resource_runtime_part=resource_runtime_part, state_credentials=state_credentials
    )
    record = env.map_run_record_pool_manager.get_all()[-1]
    bucket = place["Bucket"]
    folder = f"{place['Prefix']}/{record.map_run_arn.split(':')[-1]}" if place.get("Prefix") else record.map_run_arn
    files: dict[str, list[dict[str, Any]]] = {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
    for status, named in files.items():
        results = [result for result in record.results if result["Status"] == status]
        if results:
            key, body = f"{folder}/{status}_0.json", json.dumps(results).encode()
            client.put_object(Bucket=bucket, Key=key, Body=body)
            named.append({"Key": key, "Size": len(body)})
    manifest = {"DestinationBucket": bucket, "MapRunArn": record.map_run_arn, "ResultFiles": files}
    key = f"{folder}/manifest.json"
    client.put_object(Bucket=bucket, Key=key, Body=json.dumps(manifest).encode())
    env.stack.append({"MapRunArn": record.map_run_arn, "ResultWriterDetails": {"Bucket": bucket, "Key": key}})


def install() -> None:
    """Puts all of this in the place of moto's."""
    DistributedIterationComponent._map_run = _run_map
    DistributedItemProcessorWorker._eval_job = _run_job
    ResourceEvalS3._handle_put_object = staticmethod(_write_results)
