/** What the jobs take as arguments: jobs/arguments/arguments.json, which the Rust crate `arguments` writes. */

import { readFileSync } from 'node:fs';

/** The jobs, named as their executables. */
export const JOB_NAMES = ['migrate-schema', 'migrate-data', 'refresh-views', 'collect-report'] as const;
export type JobName = (typeof JOB_NAMES)[number];

/** An argument of the contract: its name with the dashes, and what its value must be. */
export interface Argument {
  readonly name: string;
  readonly required: boolean;
  readonly jobs: readonly string[];
  readonly type: string;
  /** Of the type `choice`: the words that it takes. */
  readonly values?: readonly string[];
  /** Of the type `integer`: the least and the greatest. */
  readonly range?: readonly [number, number];
}

const ARGUMENTS: readonly Argument[] = JSON.parse(
  readFileSync(new URL('../../jobs/arguments/arguments.json', import.meta.url), 'utf8'),
).arguments;

/** The names of the arguments that a job takes, with their dashes. */
export function argumentsOf(job: JobName): readonly string[] {
  return ARGUMENTS.filter((argument) => argument.jobs.includes(job)).map((argument) => argument.name);
}

/** The argument of this name. */
export function argumentOf(name: string): Argument {
  const found = ARGUMENTS.find((argument) => argument.name === name);
  if (found === undefined) {
    throw new Error(`no job takes an argument ${name}`);
  }
  return found;
}

/** Those without which it does not start. */
export function requiredArgumentsOf(job: JobName): readonly string[] {
  return ARGUMENTS.filter((argument) => argument.required && argument.jobs.includes(job)).map((argument) => argument.name);
}
