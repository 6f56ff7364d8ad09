/** What an execution takes as input, and the expression that says what is wrong with it. */

import { JOB_NAMES, type JobName, argumentsOf } from '../contract.ts';
import { literal } from './language.ts';

/** What must be there, unless a run that is retried has it. */
export const REQUIRED_KEYS = ['TENANT_NAME', 'SCHEMAS', 'SOURCE_SECRET_ARN', 'TARGET_SECRET_ARN'] as const;

/** What may be there besides; each is the argument of that name of every job that takes it. */
export const OPTIONAL_KEYS = [
  'CONSUMER_SECRET_ARN',
  'TENANT_STACK_NAME',
  'DRY_RUN',
  'PLAN_SHA256',
  'PASSWORDS',
  'SUPERUSERS',
  'OWNERS',
  'STRICT',
  'RETRY',
  'LOAD_THREADS',
  'VERIFY',
  'CONSISTENT',
  'KEEP_UNLOADED',
] as const;

/** What no job takes as it is: the run to go on with, and the members of a retry file besides. */
export const RETRY_KEYS = ['RETRY_RUN', 'format', 'tables'] as const;

const OF_JOBS: readonly string[] = [...REQUIRED_KEYS, ...OPTIONAL_KEYS];
const KEYS: readonly string[] = [...OF_JOBS, ...RETRY_KEYS];
const SWITCHES = ['DRY_RUN', 'STRICT', 'CONSISTENT', 'KEEP_UNLOADED'];

/** The input's keys that a job takes as arguments. */
export const inputKeysOf = (job: JobName): readonly string[] => OF_JOBS.filter((key) => argumentsOf(job).includes(`--${key}`));

/** A key that no job takes would be accepted in silence. */
export function unusedKeys(): readonly string[] {
  return OF_JOBS.filter((key) => JOB_NAMES.every((job) => !inputKeysOf(job).includes(key)));
}

const value = (key: string) => `$states.input.${key}`;
const isText = (key: string) => `($type(${value(key)}) = "string" and $trim(${value(key)}) != "")`;
const isAbsent = (key: string) => `$not($exists(${value(key)}))`;

/** Whether the input names a run to go on with. */
export const isRetry = isText('RETRY_RUN');

/** Whether it leaves something that is required to that run's own input. */
export const leavesRestToRun = `(${REQUIRED_KEYS.map(isAbsent).join(' or ')})`;

/**
 * The input with what it leaves out from that of the run that it retries, `$states.result` of DescribeExecution. A retry
 * of a retry goes on with the first run; what to retry is never taken over, nor that a run was to be planned only.
 */
export const inputOfRetried = [
  '($theirs := $parse($states.result.Input);',
  '$left := $sift($theirs, function($value, $key) { $not($key in ["DRY_RUN", "PLAN_SHA256", "format", "tables"]) });',
  '$merge([$left, $states.input, $exists($theirs.RETRY_RUN) ? {"RETRY_RUN": $theirs.RETRY_RUN} : {}]))',
].join(' ');

/** An array of texts, one for each thing that is wrong with the input. `where` tells where to add a secret. */
export function problems(secretArns: readonly string[], where: string): string {
  const unknown = `$filter($keys($states.input), function($key) { $not($key in ${literal(KEYS)}) })`;
  const wrong = (condition: string, text: string) => `(${condition} ? ${text})`;
  const tests = [
    wrong(`$count(${unknown}) > 0`, `"unknown: " & $join(${unknown}, ", ") & "; known are " & ${literal(KEYS.join(', '))}`),
    ...REQUIRED_KEYS.map((key) => wrong(`$not${isText(key)}`, literal(`${key} is missing or no text`))),
    wrong(
      `${isText('TENANT_NAME')} and $length(${value('TENANT_NAME')}) > 127`,
      literal('TENANT_NAME is longer than 127 characters'),
    ),
    ...['SOURCE_SECRET_ARN', 'TARGET_SECRET_ARN'].map((key) =>
      wrong(
        `${isText(key)} and $not(${value(key)} in ${literal(secretArns)})`,
        literal(`${key} is none of this environment's secrets; add it to secrets in ${where} and deploy`),
      ),
    ),
    wrong(
      `${isText('SOURCE_SECRET_ARN')} and ${value('SOURCE_SECRET_ARN')} = ${value('TARGET_SECRET_ARN')}`,
      literal('SOURCE_SECRET_ARN and TARGET_SECRET_ARN are the same'),
    ),
    wrong(
      `$not(${isAbsent('RETRY_RUN')} or ${isText('RETRY_RUN')} and $length(${value('RETRY_RUN')}) <= 80)`,
      literal('RETRY_RUN is not the name of a run'),
    ),
    wrong(
      `$not(${isAbsent('tables')}) and ($type(${value('tables')}) != "array" or ${isAbsent('RETRY_RUN')} or $not(${value('format')} = 1))`,
      literal('tables are no list of a retry file of format 1'),
    ),
    ...SWITCHES.map((key) =>
      wrong(`$not(${isAbsent(key)} or $string(${value(key)}) in ["true", "false"])`, literal(`${key} is neither true nor false`)),
    ),
  ];
  return `[${tests.join(', ')}]`;
}

/** The part of the input that a job takes, as Glue's arguments, whose values are texts. */
export function argumentsFromInput(job: JobName): string {
  const takes = `function($value, $key) { $key in ${literal(inputKeysOf(job))} }`;
  const named = 'function($value, $key) { {"--" & $key: $string($value)} }';
  return `$merge($each($sift($states.input, ${takes}), ${named}))`;
}
