/**
 * Runs of Glue jobs: each is started once more when it failed for something that may pass.
 *
 * A job's exit status tells: 1 and 2 come again whatever is done, 3 says that something was out of reach. A Retrier knows
 * only the error's name, which is the same for all of them; so a Catcher looks at the status, and a Choice decides.
 */

import type { JobSettings } from '../config/environment.ts';
import { type State, type States, jsonata, when } from './language.ts';
import { CANNOT_START } from './retries.ts';
import type { Names } from './tasks.ts';

/** A run of a job, and what follows it. */
export interface Run {
  /** The name of its state; those beside it are named after it. */
  readonly name: string;
  readonly job: string;
  /** The expression of its arguments. */
  readonly args: string;
  /** After so many hours Glue stops it. */
  readonly hours: number;
  /** The variable that says whether a run that failed is started again; no scope around this one may assign it. */
  readonly again: string;
  /** What the task's state has besides when the run succeeded: `Next` or `End`, `Output`. */
  readonly succeeded: Readonly<Record<string, unknown>>;
  /** What a failure assigns, and the state to which the last one leads; its input is that of the run. */
  readonly failed: { readonly assign: Readonly<Record<string, string>>; readonly next: string };
}

const ERROR = '$states.errorOutput';

/** What Glue says of a run that failed (AWS Glue API Reference, "JobRun structure": ErrorMessage); nothing of anything else. */
const IS_RUN = `$contains(${ERROR}.Cause, "ErrorMessage") and $substring(${ERROR}.Cause, 0, 1) = "{" and $substring(${ERROR}.Cause, -1) = "}"`;
const ERROR_MESSAGE = `(${ERROR}.Error = "States.TaskFailed" and ${IS_RUN} ? $parse(${ERROR}.Cause).ErrorMessage : "")`;

/** Of a failed run the job's last line, which names cause and remedy; of anything else what Step Functions says. */
export const failureOfRun = jsonata(
  `${ERROR_MESSAGE} != "" ? ${ERROR_MESSAGE} : ${ERROR}.Error & ": " & $string(${ERROR}.Cause)`,
);

/** The exit status of a run. Glue says it first; behind it comes the job's last line, which may hold the same words. */
const STATUS = `$match(${ERROR_MESSAGE}, /exit code (\\d+)/)[0].groups[0]`;

/** Whether an operator stopped the run in Glue, and does not want it started again (AWS Glue API Reference, "JobRun structure": JobRunState). */
const WAS_STOPPED = String.raw`$contains("" & ${ERROR}.Cause, /"JobRunState"\s*:\s*"STOPP(ED|ING)"/)`;

/** Whether a run began, and did not end with a status that comes again: what could not begin has had its tries. */
const MAY_PASS = `${ERROR}.Error = "States.TaskFailed" and $not(${STATUS} in ["1", "2"]) and $not(${WAS_STOPPED})`;

/** The states of a run: the run itself, and what decides whether it is started again. */
export function run(
  { name, job, args, hours, again, succeeded, failed }: Run,
  { integration }: Pick<Names, 'integration'>,
  settings: JobSettings,
): States {
  const [decides, waits] = [`${name}Failed`, `${name}Again`];
  const task: State = {
    Type: 'Task',
    Resource: integration('glue:startJobRun.sync'),
    Arguments: { JobName: job, Arguments: jsonata(args) },
    // A little longer than Glue's own limit, which stops the run with a message of its own.
    TimeoutSeconds: hours * 3600 + 600,
    Retry: CANNOT_START(settings.secondsBeforeRetry),
    ...succeeded,
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        // Once: the second failure finds the variable assigned.
        Assign: { ...failed.assign, [again]: jsonata(`$exists($${again}) ? false : ${MAY_PASS}`) },
        Output: jsonata('$states.input'),
        Next: decides,
      },
    ],
  };
  return {
    [name]: task,
    [decides]: { Type: 'Choice', Choices: [when(`$${again}`, waits)], Default: failed.next },
    [waits]: { Type: 'Wait', Seconds: settings.secondsBeforeRetry, Next: name },
  };
}
