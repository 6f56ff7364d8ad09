import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { aws_iam as iam } from 'aws-cdk-lib';
import { addStack, checkedApp } from '../lib/app.ts';
import { RUNBOOK } from '../lib/runbook.ts';
import { exampleContent, exampleEnvironment, stubDist } from './example.ts';

/** What synthesis with all checks says, and how long it takes. */
function synthesize(content = exampleContent(), change: (stack: ReturnType<typeof addStack>) => void = () => {}): string {
  const app = checkedApp({ context: { 'aws:cdk:bundling-stacks': [] } });
  change(addStack(app, exampleEnvironment(content), stubDist()));
  const before = process.exitCode;
  try {
    app.synth();
    return process.exitCode === before ? '' : 'failed';
  } catch (error) {
    return (error as Error).message;
  } finally {
    process.exitCode = before;
  }
}

describe('synthesis', () => {
  it('finds nothing wrong with the example, within 15 seconds of a processor', () => {
    const before = process.cpuUsage();
    assert.equal(synthesize(), '');
    const { user, system } = process.cpuUsage(before);
    assert.ok(user + system < 15_000_000, `${user + system} microseconds`);
  });

  it('finds nothing wrong with any other kind of environment', () => {
    const content = exampleContent();
    content.bucket = { kind: 'import', bucketName: 'theirs', prefix: 'x', kmsKeyArn: null, chainedRoleArns: [] };
    content.jobs.engine = 'spark';
    content.operations.email = 'team@example.com';
    content.warehouses.pop();
    content.secrets.pop();
    content.warehouses[0].role = 'both';
    content.network.egress = null;
    for (const endpoints of ['none', 'join']) {
      content.network.endpoints = endpoints;
      assert.equal(synthesize(content), '', endpoints);
    }
  });

  it('fails on a right without bounds for which nobody gave a reason', () => {
    const found = synthesize(exampleContent(), (stack) => {
      const role = new iam.Role(stack, 'Planted', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });
      role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }));
    });
    assert.notEqual(found, '');
  });
});

describe('an alarm', () => {
  it('names a heading of the runbook that is there', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const headings = [...readme.matchAll(/^#+ (.+)$/gm)].map((match) => `#${match[1]?.toLowerCase().replaceAll(' ', '-')}`);
    for (const place of Object.values(RUNBOOK)) {
      assert.ok(headings.includes(place.slice(place.indexOf('#'))), place);
    }
  });
});
