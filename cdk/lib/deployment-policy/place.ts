/** How a stack's resources are named before they are there. */

import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { MigrationStack } from '../migration-stack.ts';

/** The stack that is deployed, and where. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly stack: string;
  /** The environment's name, which every resource carries as a tag. */
  readonly environment: string;
}

export function placeOf({ account, region, stackName, environmentName }: MigrationStack): Place {
  const { partition } = RegionInfo.get(region);
  if (partition === undefined) {
    throw new Error(`the Region ${region} is in no known partition`);
  }
  return { partition, region, account, stack: stackName, environment: environmentName };
}

/** A resource of the template. */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Never deleted: it stays when the stack goes, and when another takes its place. */
  readonly isKept: boolean;
}

/** CloudFormation ends a name in a hyphen and at most 13 random characters; of a logical id it leaves at least 24. */
const AFTER_STACK = 1 + 24 + 1 + 13;

/** An ARN in the stack's account and Region; `''` where the service's ARNs have none. */
export function arn(at: Place, service: string, resource: string, region = at.region, account = at.account): string {
  return `arn:${at.partition}:${service}:${region}:${account}:${resource}`;
}

/**
 * Patterns of the name that CloudFormation makes for a resource whose name may have so many characters. Most names are
 * `<stack>-<logical id>-<random>`, where the stack's name is cut if the whole would be too long; some types leave the stack's name away.
 * How it cuts is documented nowhere: this is as short as it has been seen to leave it.
 */
export function names(at: Place, logicalId: string, mostCharacters: number): readonly string[] {
  const stack = `${at.stack}-`.slice(0, mostCharacters - AFTER_STACK);
  return [`${stack}*`, `${logicalId}-*`];
}

/** The logical id of the resource that a value of the template refers to. */
export function referred(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: readonly string[] };
  return ref ?? attribute?.[0];
}
