/** What linters of the template are told of single resources, each with its reason. They read it from the template. */

import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Silences a check of cfn-lint; `_reason` is for whoever reads the call, cfn-lint has no place for it. */
export function ignoreCfnLint(construct: IConstruct, check: string, _reason: string): void {
  resourceOf(construct).addMetadata('cfn-lint', { config: { ignore_checks: [check] } });
}

/** Skips checks of checkov. */
export function skipCheckov(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  const skip = Object.entries(reasons).map(([id, comment]) => ({ id, comment }));
  resourceOf(construct).addMetadata('checkov', { skip });
}

function resourceOf(construct: IConstruct): CfnResource {
  const resource = construct instanceof CfnResource ? construct : construct.node.defaultChild;
  if (!(resource instanceof CfnResource)) {
    throw new Error(`${construct.node.path} has no resource of its own`);
  }
  return resource;
}
