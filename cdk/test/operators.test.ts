import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exampleContent, exampleEnvironment, synthesized } from './example.ts';

const template = synthesized();

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}

const statements = (of = template): Statement[] =>
  Object.values(of.findResources('AWS::IAM::ManagedPolicy')).flatMap((it) => it['Properties'].PolicyDocument.Statement);
const actionsOf = (all: readonly Statement[]) => all.flatMap(({ Action }) => [Action].flat());

describe('the policy of operators', () => {
  it('starts, watches, stops and retries, and reads reports and logs', () => {
    const allowed = new Set(actionsOf(statements()));
    for (const action of [
      'states:StartExecution',
      'states:DescribeExecution',
      'states:StopExecution',
      'glue:StartJobRun',
      'glue:GetJobRun',
      'glue:BatchStopJobRun',
      's3:GetObject',
      's3:ListBucket',
      'kms:Decrypt',
      'logs:FilterLogEvents',
      'cloudformation:DescribeStacks',
    ]) {
      assert.ok(allowed.has(action), action);
    }
  });

  it('changes nothing, and reaches neither secrets nor rows', () => {
    for (const action of actionsOf(statements())) {
      assert.match(
        action,
        /^(states|glue|s3|kms|logs|cloudwatch|cloudformation):(Start|Stop|BatchStop|Get|List|Describe|Filter|Decrypt)/,
      );
    }
    assert.doesNotMatch(JSON.stringify(statements()), /unload|loaded|secretsmanager/);
  });

  it('knows only this stack: the machine, its jobs and its bucket', () => {
    const bounded = statements().filter(({ Action }) => !/GetMetricData/.test(JSON.stringify(Action)));
    for (const { Resource } of bounded) {
      assert.ok(
        [Resource].flat().every((it) => /"(Ref|Fn::GetAtt)"|log-group:\/aws-glue\/\*/.test(JSON.stringify(it))),
        JSON.stringify(Resource),
      );
    }
  });

  it('is attached to nobody, and needs no key where an imported bucket has none', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    assert.deepEqual(
      [policy?.['Properties'].Roles, policy?.['Properties'].Users, policy?.['Properties'].Groups],
      [undefined, undefined, undefined],
    );
    const content = exampleContent();
    content.bucket = { kind: 'import', bucketName: 'theirs', prefix: 'x', kmsKeyArn: null, chainedRoleArns: [] };
    assert.ok(!actionsOf(statements(synthesized(exampleEnvironment(content)))).includes('kms:Decrypt'));
  });
});

describe('the outputs', () => {
  it('name every job, the log, the topic, the dashboard and the policy, in letters that CloudFormation keeps', () => {
    const outputs = template.findOutputs('*');
    const jobs = ['JobMigrateSchema', 'JobMigrateData', 'JobRefreshViews', 'JobCollectReport'];
    for (const name of [...jobs, 'LogGroup', 'JobLogGroup', 'Topic', 'Dashboard', 'OperatorPolicy']) {
      assert.ok(outputs[name], name);
    }
    for (const [name, { Description, Value }] of Object.entries(outputs)) {
      assert.match(`${Description}${JSON.stringify(Value)}`, /^[\x20-\x7e]*$/, name);
    }
  });
});
