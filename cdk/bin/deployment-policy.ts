/**
 * `npm run deployment-policy -- -c env=<name> [--directory <directory>]`: the IAM policies for deploying an environment, as JSON; with
 * a directory as files there, and the commands that take them.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { App } from 'aws-cdk-lib';
import { addNamedStack } from '../lib/app.ts';
import { type DeploymentPolicy, deploymentPolicy } from '../lib/deployment-policy/deployment-policy.ts';
import { type Place, placeOf } from '../lib/deployment-policy/place.ts';

const { values } = parseArgs({
  options: { context: { type: 'string', short: 'c', multiple: true, default: [] }, directory: { type: 'string' } },
});
const context = values.context.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
// What the function's bundle holds changes no right, and making it takes longer than all else.
const app = new App({ context: { ...Object.fromEntries(context), 'aws:cdk:bundling-stacks': [] } });
const stack = addNamedStack(app);
const place = placeOf(stack);
const policy = deploymentPolicy(app.synth().getStackByName(stack.stackName).template, place);
if (values.directory === undefined) {
  console.log(JSON.stringify(policy, undefined, 2));
} else {
  console.log(write(policy, place, values.directory).join('\n'));
}

/** Writes a file for each policy; returns the commands that create them and hand those of CloudFormation to the bootstrap. */
function write(
  { execution, deploying }: DeploymentPolicy,
  { account, region, partition, stack }: Place,
  directory: string,
): string[] {
  mkdirSync(directory, { recursive: true });
  const create = (name: string, document: object): string => {
    const file = join(directory, `${name}.json`);
    writeFileSync(file, `${JSON.stringify(document, undefined, 2)}\n`);
    return `aws iam create-policy --policy-name ${name} --policy-document file://${file}`;
  };
  const names = execution.map((_, at) => `${stack}-execution-${at + 1}`);
  const arns = names.map((name) => `arn:${partition}:iam::${account}:policy/${name}`);
  return [
    ...execution.map((document, at) => create(names[at] as string, document)),
    create(`${stack}-deploying`, deploying),
    `npx cdk bootstrap aws://${account}/${region} --cloudformation-execution-policies ${arns.join(',')}`,
  ];
}
