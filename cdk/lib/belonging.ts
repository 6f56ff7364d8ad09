/** By what one knows that a resource belongs to an environment: a tag, and of roles a path. */

import { Aspects, type IAspect, type Stack, Tags, aws_iam as iam } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Every resource carries its environment, so that costs can be told apart, and rights can be bounded. */
export const ENVIRONMENT_TAG = 'redshift-tenant-migration:environment';

/**
 * CloudFormation names a role after its stack, but cuts the stack's name where the whole would be longer than IAM's 64 characters: two
 * environments could then not be told apart by their roles' names. A path is never cut (IAM User Guide, "IAM identifiers").
 */
export const rolePath = (environment: string): string => `/redshift-tenant-migration/${environment}/`;

/** Marks everything in the stack as the environment's, and with the customer's own tags. */
export function mark(stack: Stack, environment: string, tags: ReadonlyMap<string, string>): void {
  for (const [key, value] of tags) {
    Tags.of(stack).add(key, value);
  }
  Tags.of(stack).add(ENVIRONMENT_TAG, environment);
  Aspects.of(stack).add(new RolePath(rolePath(environment)));
}

/** Puts every role and every managed policy below the path, also those that CDK makes by itself. */
class RolePath implements IAspect {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  visit(node: IConstruct): void {
    if (node instanceof iam.CfnRole || node instanceof iam.CfnManagedPolicy) {
      node.path = this.#path;
    }
  }
}
