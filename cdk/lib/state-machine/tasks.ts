/** The tasks that the definition is made of: runs of jobs, and looks into the ledger. */

import type { JobSettings } from '../config/environment.ts';
import type { JobName } from '../contract.ts';
import type { Directions } from './input.ts';
import { type State, jsonata } from './language.ts';
import { LEDGER_RETRIES, RUN_RETRIES } from './retries.ts';

/** The names that the definition is built on. */
export interface Names {
  readonly jobs: Readonly<Record<JobName, string>>;
  readonly bucketName: string;
  /** Begins every key: empty, or ending in a slash. */
  readonly prefix: string;
  readonly directions: Directions;
}

/** A Glue run, waited for. */
export function startRun(job: string, args: string, settings: JobSettings, hours: number): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::glue:startJobRun.sync',
    Arguments: { JobName: job, Arguments: jsonata(args) },
    // A little longer than Glue's own limit, which stops the run with a message of its own.
    TimeoutSeconds: hours * 3600 + 600,
    Retry: RUN_RETRIES(settings.secondsBeforeRetry),
  };
}

const CAUSE = '$states.errorOutput.Cause';

/** Of a failed run the job's last line, which names cause and remedy; of anything else what Step Functions says. */
export const failureOfRun = jsonata(
  `$states.errorOutput.Error = "States.TaskFailed" and $contains(${CAUSE}, "ErrorMessage") ? $parse(${CAUSE}).ErrorMessage : $states.errorOutput.Error & ": " & $string(${CAUSE})`,
);

/** An object of the data bucket, or a part of it. */
export function readObject(names: Names, key: string, range?: string): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
    Arguments: { Bucket: names.bucketName, Key: jsonata(key), ...(range === undefined ? {} : { Range: range }) },
    Retry: LEDGER_RETRIES,
  };
}
