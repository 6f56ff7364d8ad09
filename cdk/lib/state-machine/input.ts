/** What an execution takes as input, and the expression that says what is wrong with it. */

import type { SecretSettings, WarehouseSettings } from '../config/environment.ts';
import { mayBe } from '../config/warehouses.ts';
import { JOB_NAMES, type JobName, argumentOf, argumentsOf } from '../contract.ts';
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
  'INTERLEAVED',
  'STRICT',
  'RETRY',
  'LOAD_THREADS',
  'VERIFY',
  'CONSISTENT',
  'KEEP_UNLOADED',
  'KMS_KEY',
  'VACUUM',
  'REPLACE',
  'REVERSE',
  'NEW_WAREHOUSE',
  'SAME_WAREHOUSE',
] as const;

/** What no job takes as it is: the run to go on with, and the members of a retry file besides. */
export const RETRY_KEYS = ['RETRY_RUN', 'format', 'tables'] as const;

const OF_JOBS: readonly string[] = [...REQUIRED_KEYS, ...OPTIONAL_KEYS];
const KEYS: readonly string[] = [...OF_JOBS, ...RETRY_KEYS];
/** What a run does not leave to its retry: that it was to be planned only, whose rows it was allowed to replace, which tables it was. */
const FOR_ONE_EXECUTION = ['DRY_RUN', 'PLAN_SHA256', 'REPLACE', 'format', 'tables'];

/** Where secrets belong, and which warehouse may be what. */
export interface Directions {
  readonly secrets: readonly SecretSettings[];
  readonly warehouses: readonly WarehouseSettings[];
  /** The environment's file, for messages. */
  readonly environmentFile: string;
}

/** The input's keys that a job takes as arguments. */
export const inputKeysOf = (job: JobName): readonly string[] => OF_JOBS.filter((key) => argumentsOf(job).includes(`--${key}`));

/** A key that no job takes would be accepted in silence. */
export function unusedKeys(): readonly string[] {
  return OF_JOBS.filter((key) => JOB_NAMES.every((job) => !inputKeysOf(job).includes(key)));
}

const SIDES = ['source', 'target'] as const;
type Side = (typeof SIDES)[number];
const SECRET_KEYS = { source: 'SOURCE_SECRET_ARN', target: 'TARGET_SECRET_ARN' } as const;

/** As the jobs read it. */
const KEY_ARN = String.raw`/^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)\/[A-Za-z0-9\/_-]+$/`;

const value = (key: string) => `$states.input.${key}`;
const isText = (key: string) => `($type(${value(key)}) = "string" and $trim(${value(key)}) != "")`;
const isAbsent = (key: string) => `$not($exists(${value(key)}))`;

/** Whether the input names a run to go on with. */
export const isRetry = isText('RETRY_RUN');

/** Whether it leaves something that is required to that run's own input. */
export const leavesRestToRun = `(${REQUIRED_KEYS.map(isAbsent).join(' or ')})`;

/**
 * The input with what it leaves out from that of the run that it retries, `$states.result` of DescribeExecution. A retry
 * of a retry goes on with the first run; what was meant for one execution is never taken over.
 */
export const inputOfRetried = [
  '($theirs := $parse($states.result.Input);',
  `$left := $sift($theirs, function($value, $key) { $not($key in ${literal(FOR_ONE_EXECUTION)}) });`,
  '$merge([$left, $states.input, $exists($theirs.RETRY_RUN) ? {"RETRY_RUN": $theirs.RETRY_RUN} : {}]))',
].join(' ');

/** The text, if the condition holds. */
const wrong = (condition: string, text: string) => `(${condition} ? ${text})`;

/** An array of texts, one for each thing that is wrong with the input. */
export function problems(directions: Directions): string {
  const unknown = `$filter($keys($states.input), function($key) { $not($key in ${literal(KEYS)}) })`;
  const secretArns = directions.secrets.map(({ arn }) => arn);
  const tests = [
    wrong(`$count(${unknown}) > 0`, `"unknown: " & $join(${unknown}, ", ") & "; known are " & ${literal(KEYS.join(', '))}`),
    ...REQUIRED_KEYS.map((key) => wrong(`$not${isText(key)}`, literal(`${key} is missing or no text`))),
    wrong(
      `${isText('TENANT_NAME')} and $length(${value('TENANT_NAME')}) > 127`,
      literal('TENANT_NAME is longer than 127 characters'),
    ),
    ...Object.values(SECRET_KEYS).map((key) =>
      wrong(
        `${isText(key)} and $not(${value(key)} in ${literal(secretArns)})`,
        literal(`${key} is none of this environment's secrets; add it to secrets in ${directions.environmentFile} and deploy`),
      ),
    ),
    wrong(
      `${isText('SOURCE_SECRET_ARN')} and ${value('SOURCE_SECRET_ARN')} = ${value('TARGET_SECRET_ARN')}`,
      literal('SOURCE_SECRET_ARN and TARGET_SECRET_ARN are the same'),
    ),
    ...wrongDirections(directions),
    wrong(
      `$not(${isAbsent('RETRY_RUN')} or ${isText('RETRY_RUN')} and $length(${value('RETRY_RUN')}) <= 80)`,
      literal('RETRY_RUN is not the name of a run'),
    ),
    wrong(
      `$not(${isAbsent('tables')}) and ($type(${value('tables')}) != "array" or ${isAbsent('RETRY_RUN')} or $not(${value('format')} = 1))`,
      literal('tables are no list of a retry file of format 1'),
    ),
    ...OPTIONAL_KEYS.flatMap(wrongValue),
  ];
  return `[${tests.join(', ')}]`;
}

/** A secret in the place of its warehouse's other side, and two secrets of one warehouse. */
function wrongDirections({ secrets, warehouses, environmentFile }: Directions): string[] {
  const isOf = (warehouse: WarehouseSettings, side: Side) =>
    `${value(SECRET_KEYS[side])} in ${literal(secrets.filter((it) => it.warehouse === warehouse.name).map(({ arn }) => arn))}`;
  const wrongSides = SIDES.flatMap((side) =>
    warehouses
      .filter((warehouse) => !mayBe(warehouse, side))
      .map((warehouse) =>
        wrong(
          isOf(warehouse, side),
          literal(
            `${SECRET_KEYS[side]} is a secret of the warehouse ${warehouse.name}, whose role is ${warehouse.role}: ` +
              `exchange SOURCE_SECRET_ARN and TARGET_SECRET_ARN, or change the role of ${warehouse.name} in ${environmentFile} and deploy`,
          ),
        ),
      ),
  );
  const within = warehouses.map((warehouse) =>
    wrong(
      `${isOf(warehouse, 'source')} and ${isOf(warehouse, 'target')} and ${value('SOURCE_SECRET_ARN')} != ${value('TARGET_SECRET_ARN')} and $not($string(${value('SAME_WAREHOUSE')}) = "true")`,
      literal(
        `SOURCE_SECRET_ARN and TARGET_SECRET_ARN are secrets of one warehouse, ${warehouse.name}, whose role is ${warehouse.role}: ` +
          'correct one of them, or give "SAME_WAREHOUSE": true to move between two of its databases',
      ),
    ),
  );
  return [...wrongSides, ...within];
}

/** A value that no job would take, by the contract; a number and a boolean may come as a text, too. */
function wrongValue(key: string): string[] {
  const { type, values = [], range: [least, most] = [0, 0] } = argumentOf(`--${key}`);
  const unless = (condition: string, meaning: string) => [
    wrong(`$not(${isAbsent(key)} or ${condition})`, literal(`${key} is ${meaning}`)),
  ];
  const given = `$string(${value(key)})`;
  switch (type) {
    case 'boolean':
      return unless(`${given} in ["true", "false"]`, 'neither true nor false');
    case 'choice':
      return unless(`${given} in ${literal(values)}`, `not one of ${values.join(', ')}`);
    case 'integer':
      // By texts: of what is no number $number would raise an error.
      return unless(
        `${given} in $map([${least}..${most}], function($number) { $string($number) })`,
        `not a whole number from ${least} to ${most}`,
      );
    case 'table-list-or-all':
      return unless(isText(key), 'no text: name tables, or give "all"');
    case 'kms-key-arn':
      return unless(`(${isText(key)} and $contains(${value(key)}, ${KEY_ARN}))`, 'not the ARN of a KMS key or of an alias');
    default:
      return [];
  }
}

/** The part of the input that a job takes, as Glue's arguments, whose values are texts. */
export function argumentsFromInput(job: JobName): string {
  const takes = `function($value, $key) { $key in ${literal(inputKeysOf(job))} }`;
  const named = 'function($value, $key) { {"--" & $key: $string($value)} }';
  return `$merge($each($sift($states.input, ${takes}), ${named}))`;
}
