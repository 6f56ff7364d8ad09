/** Rights of a role, where each that is not bounded to named resources says why. cdk-nag asks for that reason by the resource. */

import { Stack, Validations, aws_iam as iam } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** What may be done, and to what. */
export interface Right {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Record<string, Record<string, string | readonly string[]>>;
  /** Why a resource holds a wildcard. */
  readonly wildcard?: string;
}

/** Gives a role these rights; those without a resource are left out. */
export function allow(role: iam.Role, rights: readonly Right[]): void {
  for (const { actions, resources, conditions, wildcard } of rights.filter((right) => right.resources.length > 0)) {
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: [...actions],
        resources: [...new Set(resources)],
        ...(conditions === undefined ? {} : { conditions }),
      }),
    );
    if (wildcard !== undefined) {
      acknowledgeWildcards(role, resources, wildcard);
    }
  }
}

/** Gives cdk-nag the reason for wildcards in these resources of a policy. */
export function acknowledgeWildcards(policy: IConstruct, resources: readonly string[], reason: string): void {
  for (const resource of resources) {
    const text = flattened(Stack.of(policy).resolve(resource));
    if (text.includes('*')) {
      Validations.of(policy).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${text}]`, reason });
    }
  }
}

/** A resolved value as cdk-nag writes it: references in angle brackets. */
function flattened(value: unknown): string {
  if (typeof value === 'string') {
    return value;
  }
  const [[name, of] = ['', '']] = Object.entries(value as object);
  switch (name) {
    case 'Ref':
      return `<${of}>`;
    case 'Fn::GetAtt':
      return `<${of.join('.')}>`;
    case 'Fn::Join':
      return of[1].map(flattened).join(of[0]);
    default:
      throw new Error(`a resource of a policy is made of ${name}, which cdk-nag's findings are not known to name`);
  }
}
