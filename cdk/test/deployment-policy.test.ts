import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rolePath } from '../lib/belonging.ts';
import { type Template, deploymentPolicy } from '../lib/deployment-policy/deployment-policy.ts';
import type { Place } from '../lib/deployment-policy/place.ts';
import { exampleContent, exampleEnvironment, synthesized } from './example.ts';

const PLACE: Place = {
  partition: 'aws',
  region: 'eu-central-1',
  account: '123456789012',
  stack: 'redshift-tenant-migration-example',
  environment: 'example',
};
const template = synthesized().toJSON() as Template;

/** All that the policies for CloudFormation name as resources of a service's actions. */
const resources = (of: Template, service: string): string[] =>
  deploymentPolicy(of, PLACE)
    .execution.flatMap(({ Statement }) => Statement)
    .filter(({ Action }) => Action.some((action) => action.startsWith(`${service}:`)))
    .flatMap(({ Resource }) => Resource);

// What each statement allows is held to the registry's schemas by tests/deployment/test_deployment_policy.py.
describe('the deployment policy', () => {
  it('refuses a template with a resource whose rights are not known, and names it', () => {
    const more = { ...template, Resources: { ...template.Resources, Planted: { Type: 'AWS::EFS::FileSystem' } } };
    assert.throws(() => deploymentPolicy(more, PLACE), /Planted is of the type AWS::EFS::FileSystem, .*resource-types\.ts/);
  });

  it('is the same each time, whatever the order of the resources', () => {
    const turned = { ...template, Resources: Object.fromEntries(Object.entries(template.Resources).reverse()) };
    const allowed = (of: Template) =>
      deploymentPolicy(of, PLACE)
        .execution.flatMap(({ Statement }) => Statement.map((statement) => JSON.stringify(statement)))
        .sort();
    assert.deepEqual(allowed(turned), allowed(template));
  });

  it('covers every other kind of environment', () => {
    const content = exampleContent();
    content.bucket = { kind: 'import', bucketName: 'theirs', prefix: 'x', kmsKeyArn: null, chainedRoleArns: [] };
    content.jobs.engine = 'spark';
    content.operations.email = 'team@example.com';
    content.network.vpcId = 'vpc-0123456789abcdef0';
    const other = synthesized(exampleEnvironment(content)).toJSON() as Template;
    // Of an imported bucket nothing is touched; assets are read.
    assert.deepEqual(resources(other, 's3'), ['arn:aws:s3:::cdk-hnb659fds-assets-123456789012-eu-central-1/*']);
    assert.ok(resources(other, 'ec2').includes('arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-0123456789abcdef0'));
    assert.ok(resources(other, 'sns').includes('*'));
  });

  it('opens the security group of a warehouse that the environment names, and no other that is not ours', () => {
    const untagged = deploymentPolicy(template, PLACE)
      .execution.flatMap(({ Statement }) => Statement)
      .filter(({ Action, Condition }) => Action.includes('ec2:AuthorizeSecurityGroupIngress') && Condition === undefined);
    assert.deepEqual(
      untagged.flatMap(({ Resource }) => Resource),
      ['arn:aws:ec2:eu-central-1:123456789012:security-group/sg-0c1d2e3f405162738'],
    );
  });
});

describe('a warehouse whose security group a parameter names', () => {
  it('has its rules changed, and with them those of any group: which it is, is known only when the stack is deployed', () => {
    const content = exampleContent();
    content.warehouses[0].reachedAt = 'ssm:/warehouse/group';
    const [untagged] = deploymentPolicy(synthesized(exampleEnvironment(content)).toJSON() as Template, PLACE)
      .execution.flatMap(({ Statement }) => Statement)
      .filter(({ Action, Condition }) => Action.includes('ec2:AuthorizeSecurityGroupIngress') && Condition === undefined);
    assert.deepEqual(untagged?.Resource, ['arn:aws:ec2:eu-central-1:123456789012:security-group/*']);
  });
});

describe('a permissions boundary', () => {
  const changes = ['iam:DeleteRolePermissionsBoundary', 'iam:PutRolePermissionsBoundary'];
  const allowed = (of: Template): string[] =>
    deploymentPolicy(of, PLACE)
      .execution.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action))
      .filter((action) => changes.includes(action));

  it('may be changed where the roles have one, and nowhere else', () => {
    assert.deepEqual(allowed(template), []);
    const content = exampleContent();
    content.permissionsBoundaryArn = 'arn:aws:iam::123456789012:policy/boundary';
    assert.deepEqual(allowed(synthesized(exampleEnvironment(content)).toJSON() as Template).sort(), changes);
  });
});

describe('every role of an environment', () => {
  it('lies below its path, which bounds what may be done with roles', () => {
    const roles = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
    assert.ok(roles.length >= 6);
    for (const { Properties } of roles) {
      assert.equal(Properties?.['Path'], rolePath('example'));
    }
    assert.ok(
      resources(template, 'iam').every((it) =>
        /^arn:aws:iam::123456789012:(role|policy)\/redshift-tenant-migration\/example\/\*$/.test(it),
      ),
    );
  });
});
