/** What the definition is built on, and its looks into the ledger. */

import type { JobName } from '../contract.ts';
import type { Directions } from './input.ts';
import { type State, jsonata } from './language.ts';
import { LEDGER_RETRIES } from './retries.ts';

/** The names that the definition is built on. */
export interface Names {
  readonly jobs: Readonly<Record<JobName, string>>;
  readonly bucketName: string;
  /** Begins every key: empty, or ending in a slash. */
  readonly prefix: string;
  readonly directions: Directions;
  /** The ARN of an integration with a service, which is of the stack's partition. */
  readonly integration: (name: string) => string;
}

/** As a partition names integrations: a machine that names those of another can be made, but not started. */
export const integrationsOf =
  (partition: string): Names['integration'] =>
  (name) =>
    `arn:${partition}:states:::${name}`;

/** An object of the data bucket, or a part of it. */
export function readObject(names: Names, key: string, range?: string): State {
  return {
    Type: 'Task',
    Resource: names.integration('aws-sdk:s3:getObject'),
    Arguments: { Bucket: names.bucketName, Key: jsonata(key), ...(range === undefined ? {} : { Range: range }) },
    Retry: LEDGER_RETRIES,
  };
}
