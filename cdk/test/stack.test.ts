import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { ENVIRONMENT_TAG } from '../lib/belonging.ts';
import { argumentsOf, JOB_NAMES, type JobName, requiredArgumentsOf } from '../lib/contract.ts';
import { nameOfSettings } from '../lib/jobs.ts';
import { REQUIRED_KEYS } from '../lib/state-machine/input.ts';
import { exampleContent, exampleEnvironment, synthesized } from './example.ts';

const template = synthesized();

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
  readonly Principal?: unknown;
}

const many = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

/** What the policies of a role allow; the role is known by the start of its logical id. */
function statements(role: string, of: Template = template): Statement[] {
  const roles = Object.keys(of.findResources('AWS::IAM::Role')).filter((id) => id.startsWith(role));
  assert.equal(roles.length, 1, role);
  const policies = Object.values(of.findResources('AWS::IAM::Policy'));
  const attached = policies.filter((it) => it['Properties'].Roles.some((ref: { Ref: string }) => ref.Ref === roles[0]));
  return attached.flatMap((it) => it['Properties'].PolicyDocument.Statement);
}

const allowing = (action: string, role: string): Statement[] => statements(role).filter((it) => many(it.Action).includes(action));

const JOB_ROLES: Record<JobName, string> = {
  'migrate-schema': 'Rolesmigrateschema',
  'migrate-data': 'Rolesmigratedata',
  'refresh-views': 'Rolesrefreshviews',
  'collect-report': 'Rolescollectreport',
};

describe("a job's arguments", () => {
  it('are ones that the job knows', () => {
    for (const [id, { Properties }] of Object.entries(template.findResources('AWS::Glue::Job'))) {
      const job = JOB_NAMES.find((name) => id.startsWith(`Jobs${name.replaceAll('-', '')}`)) as JobName;
      const { 'library-set': _ofGlue, ...defaults } = Properties.DefaultArguments;
      const names = Object.keys({ ...defaults, ...Properties.NonOverridableArguments });
      const unknown = names.filter((name) => !argumentsOf(job).includes(name));
      assert.deepEqual(unknown, [], job);
      const given = [...names, ...REQUIRED_KEYS.map((key) => `--${key}`), '--TABLE_NAME'];
      const missing = requiredArgumentsOf(job).filter((name) => !given.includes(name));
      assert.deepEqual(missing, [], `${job} lacks these, and no input brings them`);
    }
  });

  it('name the executable by a place and a sum that no run may change', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::Glue::Job'))) {
      assert.match(Properties.NonOverridableArguments['--EXECUTABLE_SHA256'], /^[0-9a-f]{64}$/);
      assert.ok(Properties.NonOverridableArguments['--EXECUTABLE']);
    }
  });
});

/** What the template gives a job that no run may change. */
const bounds = (job: JobName, of: Template = template): Record<string, unknown> => {
  const jobs = Object.entries(of.findResources('AWS::Glue::Job'));
  const found = jobs.find(([id]) => id.startsWith(`Jobs${job.replaceAll('-', '')}`));
  return found?.[1]['Properties'].NonOverridableArguments;
};

describe("a job's bounds", () => {
  it('name each warehouse with its role and its namespace, to every job that reaches one', () => {
    const content = exampleContent();
    content.warehouses[0].namespaceArn = content.warehouses[0].namespaceArn.replace(/.{12}$/, '00000000ABCD');
    content.warehouses[1].role = 'both';
    const of = synthesized(exampleEnvironment(content));
    for (const job of JOB_NAMES) {
      const expected = 'old=source:00000000-0000-4000-8000-00000000abcd,new=both:00000000-0000-4000-8000-000000000003';
      assert.equal(bounds(job, of)['--WAREHOUSES'], job === 'collect-report' ? undefined : expected, job);
    }
  });

  it('allow the schema job to associate exactly the roles that it may pass', () => {
    const content = exampleContent();
    content.warehouses[1].associatedRoleArns = ['a', 'b', 'a'].map((name) => `arn:aws:iam::123456789012:role/${name}`);
    for (const of of [template, synthesized(exampleEnvironment(content))]) {
      const passed = statements(JOB_ROLES['migrate-schema'], of).find((it) => it.Action === 'iam:PassRole')?.Resource;
      const allowed = bounds('migrate-schema', of)['--ALLOWED_IAM_ROLES'] as any;
      const parts = (allowed['Fn::Join']?.[1] ?? [allowed]).flatMap((part: unknown) =>
        typeof part === 'string' ? part.split(',').filter((arn) => arn !== '') : [part],
      );
      assert.deepEqual(parts, [passed].flat());
    }
    for (const job of JOB_NAMES.filter((name) => name !== 'migrate-schema')) {
      assert.equal(bounds(job)['--ALLOWED_IAM_ROLES'], undefined, job);
    }
  });
});

describe('what the jobs and UNLOAD write', () => {
  const keyOf = (of: Template) => {
    const jobs = Object.values(of.findResources('AWS::Glue::Job'));
    const [first, ...others] = jobs.map((it) => it['Properties'].DefaultArguments['--KMS_KEY']);
    assert.equal(others.length, JOB_NAMES.length - 1);
    others.forEach((key) => assert.deepEqual(key, first));
    return first;
  };

  it("is encrypted with the bucket's key, which the warehouses' role may use for it", () => {
    const key = keyOf(template);
    assert.match(JSON.stringify(key), /^\{"Fn::GetAtt":\["DataKey\w+","Arn"\]\}$/);
    const [use] = allowing('kms:GenerateDataKey', 'WarehousesRole');
    assert.deepEqual(use?.Resource, key);
  });

  it('has the key of an imported bucket, or none where that has none', () => {
    const imported = (kmsKeyArn: string | null) => {
      const content = exampleContent();
      content.bucket = { kind: 'import', bucketName: 'theirs', prefix: 'x', kmsKeyArn, chainedRoleArns: [] };
      return keyOf(synthesized(exampleEnvironment(content)));
    };
    const key = 'arn:aws:kms:eu-central-1:123456789012:key/2f8d6a1c-0000-4000-8000-000000000002';
    assert.equal(imported(key), key);
    assert.equal(imported(null), undefined);
  });
});

describe('the Glue jobs', () => {
  it('are never retried by Glue itself', () => {
    template.allResourcesProperties('AWS::Glue::Job', { MaxRetries: 0 });
  });

  it('may run as often at once as the maps of all tenants start them', () => {
    for (const [concurrentTables, tenantsAtOnce] of [
      [1, 1],
      [10, 2],
      [200, 20],
    ] as const) {
      const content = exampleContent();
      Object.assign(content.jobs, { concurrentTables, tenantsAtOnce });
      const jobs = synthesized(exampleEnvironment(content)).findResources('AWS::Glue::Job');
      const id = Object.keys(jobs).find((it) => it.startsWith('Jobsmigratedata')) as string;
      assert.ok(jobs[id]?.['Properties'].ExecutionProperty.MaxConcurrentRuns >= tenantsAtOnce * concurrentTables);
    }
  });

  it('has the set of libraries that boto3 is in', () => {
    template.allResourcesProperties('AWS::Glue::Job', { DefaultArguments: Match.objectLike({ 'library-set': 'analytics' }) });
  });

  it('can be of the Spark kind', () => {
    const content = exampleContent();
    content.jobs.engine = 'spark';
    synthesized(exampleEnvironment(content)).allResourcesProperties('AWS::Glue::Job', {
      Command: Match.objectLike({ Name: 'glueetl' }),
      GlueVersion: '5.0',
      NumberOfWorkers: 2,
      DefaultArguments: Match.objectLike({ 'library-set': Match.absent() }),
    });
  });
});

const isKeyOfLogs = (resource: unknown): boolean => JSON.stringify(resource).includes('KeysOperations');

describe("a job's role", () => {
  it('reads the listed secrets and no others, but for those which the schema job makes', () => {
    const listed = exampleEnvironment().secrets.map(({ arn }) => arn);
    for (const job of JOB_NAMES) {
      const resources = allowing('secretsmanager:GetSecretValue', JOB_ROLES[job]).flatMap((it) => it.Resource);
      const texts = resources.map((it) => JSON.stringify(it));
      const others = texts.filter((text) => !listed.some((arn) => text === JSON.stringify(arn)));
      assert.equal(texts.length - others.length, job === 'collect-report' ? 0 : listed.length, job);
      assert.equal(others.length, job === 'migrate-schema' ? 1 : 0, job);
      assert.ok(others.every((text) => text.includes(':secret:redshift-tenant-migration/*')));
    }
  });

  it('uses a key only through the service whose data it encrypts', () => {
    for (const role of [...Object.values(JOB_ROLES), 'WarehousesRole', 'MigrationRole']) {
      const uses = statements(role).filter((it) => many(it.Action).some((action) => action.startsWith('kms:')));
      assert.ok(uses.length > 0, role);
      // That of Glue's logs is the exception.
      const [ofLogs, others] = [true, false].map((is) => uses.filter((it) => isKeyOfLogs(it.Resource) === is)) as [
        Statement[],
        Statement[],
      ];
      assert.equal(ofLogs.length, Object.values(JOB_ROLES).includes(role) ? 1 : 0, role);
      for (const use of others) {
        assert.ok(use.Condition?.['StringEquals']?.['kms:ViaService'], `${role}: ${JSON.stringify(use)}`);
        assert.notEqual(use.Resource, '*');
      }
    }
  });

  it('writes only below runs/, loaded/ and migration-reports/, and deletes only what was unloaded, and what a preflight wrote', () => {
    for (const job of JOB_NAMES) {
      const writes = statements(JOB_ROLES[job]).filter((it) =>
        many(it.Action).some((action) => /^s3:(Put|Delete|Abort)/.test(action)),
      );
      const places = writes.flatMap((it) =>
        [it.Resource].flat().map((resource) => {
          const [place] = JSON.stringify(resource).match(/[\w-]+(?:\/\.[\w-]+)?(?=\/\*")/) ?? [];
          return `${many(it.Action).includes('s3:DeleteObject') ? 'deletes' : 'writes'} ${place}`;
        }),
      );
      const own: Partial<Record<JobName, string[]>> = {
        'migrate-schema': ['deletes runs/.preflight', 'deletes unload/.preflight'],
        'migrate-data': ['deletes unload', 'writes loaded'],
        'collect-report': ['writes migration-reports'],
      };
      assert.deepEqual(places, ['writes runs', ...(own[job] ?? [])], job);
    }
  });

  it('may read and list where it writes: what is not there is told, and a write may have a condition', () => {
    for (const job of JOB_NAMES) {
      const places = (action: string) =>
        statements(JOB_ROLES[job])
          .filter((it) => many(it.Action).includes(action))
          .flatMap((it) => [it.Condition?.['StringLike']?.['s3:prefix'] ?? it.Resource].flat())
          .map((it) => JSON.stringify(it).match(/[\w-]+(?=\/\*")/)?.[0]);
      for (const action of ['s3:GetObject', 's3:PutObject', 's3:ListBucket']) {
        const needed = job === 'migrate-data' ? ['runs', 'loaded'] : ['runs'];
        assert.ok(
          needed.every((place) => places(action).includes(place)),
          `${job}: ${action}`,
        );
      }
    }
  });

  it('says what was loaded only as the data job, and the schema job reads it', () => {
    const reach = (action: string) =>
      JOB_NAMES.filter((job) => allowing(action, JOB_ROLES[job]).some((it) => JSON.stringify(it.Resource).includes('loaded/*')));
    assert.deepEqual(reach('s3:PutObject'), ['migrate-data']);
    assert.deepEqual(reach('s3:GetObject'), ['migrate-schema', 'migrate-data']);
  });

  it('reads and changes no cluster and no namespace, unless it is the role of the schema job', () => {
    const names = ['DescribeClusters', 'ModifyClusterIamRoles', 'GetWorkgroup', 'GetNamespace', 'UpdateNamespace'];
    for (const job of JOB_NAMES) {
      const allowed = statements(JOB_ROLES[job]).flatMap((it) => many(it.Action));
      const found = names.filter((name) => allowed.some((action) => action.endsWith(`:${name}`)));
      assert.deepEqual(found, job === 'migrate-schema' ? names : [], job);
    }
  });

  it('passes the role of UNLOAD and COPY to Redshift alone, and only the schema job does', () => {
    for (const job of JOB_NAMES) {
      const passes = allowing('iam:PassRole', JOB_ROLES[job]);
      assert.equal(passes.length, job === 'migrate-schema' ? 1 : 0, job);
      for (const { Condition, Resource } of passes) {
        assert.deepEqual(Condition, {
          StringEquals: { 'iam:PassedToService': ['redshift.amazonaws.com', 'redshift-serverless.amazonaws.com'] },
        });
        assert.match(JSON.stringify(Resource), /^\{"Fn::GetAtt":\["WarehousesRole\w+","Arn"\]\}$/);
      }
    }
  });

  it('may pass the roles that a namespace has already, since UpdateNamespace takes them all', () => {
    const content = exampleContent();
    const theirs = 'arn:aws:iam::123456789012:role/theirs';
    content.warehouses[1].associatedRoleArns = [theirs];
    const passes = statements(JOB_ROLES['migrate-schema'], synthesized(exampleEnvironment(content)));
    assert.match(JSON.stringify(passes.find((it) => it.Action === 'iam:PassRole')?.Resource), new RegExp(theirs));
  });

  it('is assumed by Glue for this account alone', () => {
    const roles = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('Roles'));
    assert.equal(roles.length, JOB_NAMES.length);
    for (const [, { Properties }] of roles) {
      const [trust] = Properties.AssumeRolePolicyDocument.Statement;
      assert.deepEqual(trust.Principal, { Service: 'glue.amazonaws.com' });
      assert.equal(trust.Condition.StringEquals['aws:SourceAccount'], '123456789012');
    }
  });
});

describe('the role of the report', () => {
  it('reaches no warehouse, and asks Glue for runs of the other jobs alone', () => {
    const all = statements(JOB_ROLES['collect-report']).flatMap((it) => many(it.Action));
    assert.ok(!all.some((action) => /^(redshift|secretsmanager|iam)/.test(action)));
    const resources = allowing('glue:GetJobRuns', JOB_ROLES['collect-report']).flatMap((it) => it.Resource);
    assert.equal(resources.length, JOB_NAMES.length - 1);
    assert.ok(resources.every((it) => /"Ref":"Jobs(?!collectreport)/.test(JSON.stringify(it))));
  });
});

describe('the role of UNLOAD and COPY', () => {
  it('is assumed by clusters and by Serverless workgroups, and by nobody else', () => {
    const roles = template.findResources('AWS::IAM::Role');
    const id = Object.keys(roles).find((it) => it.startsWith('WarehousesRole')) as string;
    const trusted = roles[id]?.['Properties'].AssumeRolePolicyDocument.Statement.map((it: Statement) => it.Principal);
    assert.deepEqual(trusted, [{ Service: 'redshift.amazonaws.com' }, { Service: 'redshift-serverless.amazonaws.com' }]);
  });

  it('hands over to the roles of a chain, and reaches no bucket itself then', () => {
    const content = exampleContent();
    const chainedRoleArns = ['a', 'b'].map((name) => `arn:aws:iam::210987654321:role/${name}`);
    content.bucket = { kind: 'import', bucketName: 'theirs', prefix: 'x', kmsKeyArn: null, chainedRoleArns };
    const of = synthesized(exampleEnvironment(content));
    assert.deepEqual(
      statements('WarehousesRole', of).map(({ Action, Resource }) => [Action, Resource]),
      [['sts:AssumeRole', chainedRoleArns[0]]],
    );
    for (const { Properties } of Object.values(of.findResources('AWS::Glue::Job'))) {
      const role = Properties.DefaultArguments['--IAM_ROLE'];
      assert.ok(
        role === undefined || JSON.stringify(role).endsWith(`",${chainedRoleArns.join()}"]]}`.slice(1)),
        JSON.stringify(role),
      );
    }
    // Only the first of them is associated.
    assert.doesNotMatch(JSON.stringify(bounds('migrate-schema', of)['--ALLOWED_IAM_ROLES']), /210987654321/);
  });

  it('reaches unload/ alone', () => {
    const objects = statements('WarehousesRole').filter((it) => /s3:(Get|Put)Object/.test(JSON.stringify(it.Action)));
    assert.equal(objects.length, 1);
    assert.match(JSON.stringify(objects[0]?.Resource), /\/unload\/\*"/);
  });
});

describe("the state machine's role", () => {
  it('starts, watches and stops the executions of its map, and none else', () => {
    const [start] = allowing('states:StartExecution', 'MigrationRole');
    assert.match(JSON.stringify(start?.Resource), /^\{"Ref":"MigrationMachine\w+"\}$/);
    for (const action of ['states:DescribeExecution', 'states:StopExecution']) {
      const [it, ...others] = allowing(action, 'MigrationRole');
      assert.equal(others.length, 0);
      const resources = [it?.Resource].flat().map((resource) => JSON.stringify(resource));
      assert.ok(
        resources.some((text) => /:execution:.*MigrationMachine.*\/MigrateTables:\*/.test(text)),
        action,
      );
      assert.ok(
        resources.every((text) => /:execution:.*MigrationMachine/.test(text)),
        action,
      );
    }
  });

  it('writes the results of the map in parts, why runs failed and what is retried, and nothing else', () => {
    const writes = allowing('s3:PutObject', 'MigrationRole');
    assert.equal(writes.length, 2);
    assert.deepEqual(writes[1]?.Action, 's3:PutObject');
    assert.match(JSON.stringify(writes[1]?.Resource), /\/runs\/\*\/failures\/\*".*\/runs\/\*\/retry\/\*"/);
    assert.deepEqual(writes[0]?.Action, ['s3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload']);
    assert.match(JSON.stringify(writes[0]?.Resource), /\/runs\/\*\/map\/\*"/);
  });

  it('starts and stops the jobs of this stack and no others', () => {
    for (const action of ['glue:StartJobRun', 'glue:GetJobRun', 'glue:BatchStopJobRun']) {
      const resources = allowing(action, 'MigrationRole').flatMap((it) => it.Resource);
      assert.equal(resources.length, JOB_NAMES.length);
      assert.ok(resources.every((it) => JSON.stringify(it).includes('"Ref":"Jobs')));
    }
  });
});

describe("Glue's security configuration", () => {
  it('has another name when its settings change, since Glue replaces it by one beside it', () => {
    template.allResourcesProperties('AWS::Glue::SecurityConfiguration', { Name: Match.stringLikeRegexp('-[0-9a-f]{8}$') });
    assert.equal(nameOfSettings('stack', { key: 'one' }), nameOfSettings('stack', { key: 'one' }));
    assert.notEqual(nameOfSettings('stack', { key: 'one' }), nameOfSettings('stack', { key: 'another' }));
  });
});

describe("the customer's own", () => {
  const content = exampleContent();
  content.tags = { 'cost-center': '4711', Owner: 'data platform' };
  content.permissionsBoundaryArn = 'arn:aws:iam::123456789012:policy/boundary';
  const of = synthesized(exampleEnvironment(content));

  it('tags are on every resource that has any', () => {
    const tagged = Object.entries(of.toJSON()['Resources'] as Record<string, any>).filter(([, it]) => it.Properties?.Tags);
    assert.ok(tagged.length > 20);
    for (const [id, { Properties }] of tagged) {
      const text = JSON.stringify(Properties.Tags);
      assert.ok(
        text.includes('cost-center') && text.includes('data platform') && text.includes(ENVIRONMENT_TAG),
        `${id}: ${text}`,
      );
    }
  });

  it('boundary is on every role', () => {
    of.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: content.permissionsBoundaryArn });
    for (const { Properties } of Object.values(template.findResources('AWS::IAM::Role'))) {
      assert.equal(Properties.PermissionsBoundary, undefined);
    }
  });
});

describe('in every partition', () => {
  it('ARNs are of that partition, and groups of logs that Step Functions writes are known to CloudWatch Logs', () => {
    for (const [partition, region] of [
      ['aws', 'eu-central-1'],
      ['aws-us-gov', 'us-gov-west-1'],
      ['aws-cn', 'cn-north-1'],
    ] as const) {
      const there = (text: string) => text.replaceAll('arn:aws:', `arn:${partition}:`).replaceAll('eu-central-1', region);
      const of = synthesized(exampleEnvironment(JSON.parse(there(JSON.stringify(exampleContent())))));
      const partitions = new Set([...JSON.stringify(of.toJSON()).matchAll(/arn:(aws[a-z-]*):/g)].map(([, it]) => it));
      assert.deepEqual([...partitions], [partition], region);
      of.hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: '/aws/vendedlogs/states/redshift-tenant-migration-example',
      });
    }
  });
});

describe('keys', () => {
  it('all rotate', () => {
    template.allResourcesProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  });

  it('of logs are used by CloudWatch Logs of this Region, for logs of this account', () => {
    const keys = Object.values(template.findResources('AWS::KMS::Key'));
    const uses = keys.flatMap((key) => key['Properties'].KeyPolicy.Statement as Statement[]);
    const [logs, ...others] = uses.filter((it) => JSON.stringify(it.Principal).includes('"logs.'));
    assert.equal(others.length, 0);
    assert.match(JSON.stringify(logs?.Principal), /logs\.eu-central-1\./);
    const pattern = logs?.Condition?.['ArnLike']?.['kms:EncryptionContext:aws:logs:arn'];
    assert.match(JSON.stringify(pattern), /:logs:eu-central-1:123456789012:log-group:\*/);
  });
});

describe('a stack that is deleted', () => {
  it('leaves the data bucket and the keys of what stays, unless its first deployment is rolled back, and nothing else', () => {
    const resources = Object.entries(template.toJSON()['Resources'] as Record<string, Record<string, string>>);
    const kept = resources.filter(([, it]) => ![undefined, 'Delete'].includes(it['DeletionPolicy']));
    assert.deepEqual(kept.map(([id]) => id.replace(/[0-9A-F]{8}$/, '')).sort(), [
      'DataBucket',
      'DataKey',
      'KeysOperations',
      'KeysPasswords',
    ]);
    for (const [id, { DeletionPolicy, UpdateReplacePolicy }] of kept) {
      assert.deepEqual([DeletionPolicy, UpdateReplacePolicy], ['RetainExceptOnCreate', 'Retain'], id);
    }
  });

  it('says so', () => {
    template.hasOutput('StaysOnDelete', {});
  });

  it('that imported its bucket has not so much as a policy for it', () => {
    const content = exampleContent();
    content.bucket = { kind: 'import', bucketName: 'theirs', prefix: 'migration/x', kmsKeyArn: null, chainedRoleArns: [] };
    const imported = synthesized(exampleEnvironment(content));
    imported.resourceCountIs('AWS::S3::Bucket', 0);
    imported.resourceCountIs('AWS::S3::BucketPolicy', 0);
    imported.hasOutput('DataBucket', { Value: 's3://theirs/migration/x' });
    assert.match(JSON.stringify(imported.toJSON()), /theirs\/migration\/x\/runs\/\*/);
  });
});

describe('two environments', () => {
  it('share no name in an account', () => {
    const names = (name: string) => {
      const resources = synthesized(exampleEnvironment(exampleContent(), name)).toJSON()['Resources'];
      // A policy's name is its role's own affair.
      const physical = /"(?!PolicyName)(?:Name|[A-Z]\w*Name)":"([^"]+)"/g;
      return new Set([...JSON.stringify(resources).matchAll(physical)].map((match) => match[1]));
    };
    const [one, other] = [names('one'), names('other')];
    const shared = [...one].filter((name) => other.has(name));
    // Names of other things: a kind of job, an attribute of a metric, a reference.
    assert.deepEqual(
      shared.filter((name) => !/^(pythonshell|StateMachineArn|Executions?\w+|ExecutionTime)$/.test(name ?? '')),
      [],
    );
  });
});
