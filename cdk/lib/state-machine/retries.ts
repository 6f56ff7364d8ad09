/** When a task is tried again. Glue itself never retries, so that every try is in the execution's history. */

/** One rule of a task's `Retry`. */
export interface Retry {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

/** Nobody waits longer than this for another try. */
const MOST_SECONDS = 900;

/**
 * Of a Glue run that could not start: Glue is busy, or all of the account's runs are taken. Ten tries: within an hour as a
 * rule, for the waits are random, and two hours at most. One that failed is the business of `runs.ts`.
 */
export const CANNOT_START = (seconds: number): readonly Retry[] => [
  {
    ErrorEquals: [
      'Glue.ConcurrentRunsExceededException',
      'Glue.ResourceNumberLimitExceededException',
      'Glue.OperationTimeoutException',
      'Glue.InternalServiceException',
      'Glue.ThrottlingException',
      'Glue.AWSGlueException',
      'Glue.SdkClientException',
    ],
    IntervalSeconds: seconds,
    MaxAttempts: 10,
    BackoffRate: 2,
    MaxDelaySeconds: MOST_SECONDS,
    JitterStrategy: 'FULL',
  },
];

/** Of a look into the ledger, or a line in it: what may pass, but not an object that is not there. */
export const LEDGER_RETRIES: readonly Retry[] = [
  {
    ErrorEquals: ['S3.InternalErrorException', 'S3.SlowDownException', 'S3.ServiceUnavailableException', 'S3.SdkClientException'],
    IntervalSeconds: 1,
    MaxAttempts: 5,
    BackoffRate: 2,
    MaxDelaySeconds: 30,
    JitterStrategy: 'FULL',
  },
];

/** Of a look at an execution. */
export const LOOK_RETRIES: readonly Retry[] = [
  {
    ErrorEquals: ['Sfn.SfnException', 'Sfn.SdkClientException', 'Sfn.ThrottlingException'],
    IntervalSeconds: 1,
    MaxAttempts: 5,
    BackoffRate: 2,
    MaxDelaySeconds: 30,
    JitterStrategy: 'FULL',
  },
];
