import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { readEnvironment } from '../lib/config/read-environment.ts';
import { exampleContent, exampleEnvironment } from './example.ts';

const DIRECTORY = fileURLToPath(new URL('../environments', import.meta.url));

/** What is said of the example after a change. */
function complaint(change: (content: any) => void): string {
  const content = exampleContent();
  change(content);
  try {
    exampleEnvironment(content);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('an environment', () => {
  it('is read from its file', () => {
    const environment = readEnvironment(DIRECTORY, 'example');
    assert.equal(environment.name, 'example');
    assert.equal(environment.jobs.concurrentTables, 10);
  });

  it('without a file is refused with the names that there are', () => {
    assert.throws(() => readEnvironment(DIRECTORY, 'no-such'), /there is no .*no-such\.json; there are .*example/);
  });

  it('with a name that leads elsewhere is refused', () => {
    for (const name of ['../example', 'Example', '']) {
      assert.throws(() => readEnvironment(DIRECTORY, name), /lower case letters/, name);
    }
  });

  it('must hold every key, at every depth', () => {
    const left = (content: any, path: string[] = []): string[][] =>
      Object.entries(content).flatMap(([key, value]) => {
        const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
        return [[...path, key], ...(nested ? left(value, [...path, key]) : [])];
      });
    const paths = left(exampleContent());
    assert.ok(paths.length > 15);
    for (const path of paths) {
      const said = complaint((content) => {
        const last = path.at(-1) as string;
        delete path.slice(0, -1).reduce((object, key) => object[key], content)[last];
      });
      assert.match(said, new RegExp(`${path.join('\\.')} is missing: .{8}`), path.join('.'));
    }
  });

  it('must hold no other key, also not in a list', () => {
    const said = complaint((content) => {
      content.warehouses[1].prot = 5439;
      content.network.subnets[0].id = 'x';
      content.regoin = 'x';
    });
    assert.match(said, /^ {2}warehouses\[1\]\.prot is unknown/m);
    assert.match(said, /^ {2}network\.subnets\[0\]\.id is unknown/m);
    assert.match(said, /^ {2}regoin is unknown/m);
  });

  it('names what a value should be', () => {
    const wrong: [string, (content: any) => void][] = [
      ['account is not what it should be: the id of the AWS account', (it) => (it.account = 123456789012)],
      ["secrets[0].arn is not what it should be: a secret's whole ARN", (it) => (it.secrets[0].arn += 'x')],
      ['secrets is not what it should be', (it) => (it.secrets = [])],
      ['jobs.concurrentTables is not what it should be: .* from 1 to 200', (it) => (it.jobs.concurrentTables = 0)],
      ['jobs.engine is not what it should be: .*python-shell, spark', (it) => (it.jobs.engine = 'bash')],
      ['operations.logDays is not what it should be', (it) => (it.operations.logDays = 8)],
      ['operations.email is not what it should be: .* or null', (it) => (it.operations.email = 'me')],
      ['network must be an object', (it) => (it.network = 'vpc-1')],
      ['warehouses\\[0\\] must be an object', (it) => (it.warehouses[0] = 'old')],
      ['warehouses[0].reachedAt is not what it should be', (it) => (it.warehouses[0].reachedAt = '10.0.0.1')],
      ['warehouses[0].name is not what it should be: .*a letter first', (it) => (it.warehouses[0].name = '1st')],
      ['warehouses[1].role is not what it should be: .*source, target, both', (it) => (it.warehouses[1].role = 'sink')],
      ['warehouses[0].namespaceArn is not .*ClusterNamespaceArn', (it) => (it.warehouses[0].namespaceArn += '0')],
      [
        "warehouses[0].namespaceArn is not .*the cluster's",
        (it) => (it.warehouses[0].namespaceArn = it.warehouses[1].namespaceArn),
      ],
      ['secrets[0].warehouse is missing: the name of a warehouse', (it) => delete it.secrets[0].warehouse],
      ['tags is not .*the key of a tag.*; it is "aws:x"', (it) => (it.tags = { 'aws:x': 'y' })],
      [
        'tags is not .*; it is "redshift-tenant-migration:created"',
        (it) => (it.tags = { 'redshift-tenant-migration:created': 'true' }),
      ],
      ['tags.owner is not .*at most 256 .*; it is 7', (it) => (it.tags = { owner: 7 })],
      ['tags is not .*an object, perhaps empty', (it) => (it.tags = [])],
      ['permissionsBoundaryArn is not .*IAM policy, or null; it is "boundary"', (it) => (it.permissionsBoundaryArn = 'boundary')],
      [
        'network.subnets.parameter is not .*StringList.*; it is "x"',
        (it) => (it.network.subnets = { parameter: 'x', availabilityZones: ['eu-central-1a'] }),
      ],
      [
        'network.subnets.availabilityZones is not .*at least 1',
        (it) => (it.network.subnets = { parameter: 'ssm:/x', availabilityZones: [] }),
      ],
      ['network.subnets.zones is unknown', (it) => (it.network.subnets = { parameter: 'ssm:/x', zones: [] })],
      ['network.endpoints is not .*none, join, create', (it) => (it.network.endpoints = true)],
      ['network.egress.cidrs is not .*10.0.0.0/16', (it) => (it.network.egress.cidrs = ['10.0.300.0/16'])],
      ['network.egress.s3PrefixList is not .*pl-', (it) => (it.network.egress.s3PrefixList = 's3')],
      ['network.egress must be an object: .*, or null', (it) => (it.network.egress = [])],
      ['bucket.unloadDays is unknown', (it) => (it.bucket.kind = 'import')],
    ];
    for (const [expected, change] of wrong) {
      const pattern = expected.replaceAll(/\[(\d)\]/g, '\\[$1\\]').replaceAll('\\\\', '\\');
      assert.match(complaint(change), new RegExp(pattern));
    }
  });

  it('knows each warehouse by a name and a namespace of its own', () => {
    assert.match(
      complaint((it) => (it.warehouses[1].name = 'old')),
      /warehouses\[1\]\.name is not what it should be: a name of its own; warehouses\[0\] has it already/,
    );
    const id = '0000000A-0000-4000-8000-000000000001';
    const said = complaint(({ warehouses }) => {
      warehouses[0].namespaceArn = `arn:aws:redshift:eu-central-1:123456789012:namespace:${id}`;
      // An id is the same in any letter case.
      warehouses[1].namespaceArn = `arn:aws:redshift-serverless:eu-central-1:123456789012:namespace/${id.toLowerCase()}`;
    });
    assert.match(said, /warehouses\[1\]\.namespaceArn is not .*a namespace of its own; warehouses\[0\] has it already/);
  });

  it('has one subnet a zone, and none twice', () => {
    const said = complaint(({ network }) => (network.subnets[1] = network.subnets[0]));
    assert.match(said, /network\.subnets\[1\]\.subnetId is not .*a subnet of its own; network\.subnets\[0\] has it already/);
    assert.match(
      said,
      /network\.subnets\[1\]\.availabilityZone is not .*a zone of its own; network\.subnets\[0\] has it already/,
    );
  });

  it('has a way out to S3, and without endpoints one to every other service', () => {
    const to = (endpoints: string, s3PrefixList: string | null, cidrs: string[]) =>
      complaint(({ network }) => Object.assign(network, { endpoints, egress: { s3PrefixList, cidrs } }));
    assert.match(to('create', null, []), /network\.egress leads nowhere: name the prefix list of S3/);
    assert.match(to('none', 'pl-1', []), /network\.egress leads to S3 alone, and network\.endpoints is none: add to cidrs/);
    for (const [endpoints, list, cidrs] of [
      ['none', 'pl-1', ['0.0.0.0/0']],
      ['none', null, ['10.0.0.0/8']],
      ['join', 'ssm:/s3', []],
    ] as const) {
      assert.equal(to(endpoints, list, [...cidrs]), '');
    }
    const anywhere = complaint(({ network }) => Object.assign(network, { endpoints: 'none', egress: null }));
    assert.equal(anywhere, '');
  });

  it('is all in one account, Region and partition', () => {
    const said = complaint((it) => {
      it.secrets[0].arn = it.secrets[0].arn.replace('eu-central-1', 'eu-west-1');
      it.secrets[0].kmsKeyArn = it.secrets[0].kmsKeyArn.replace('eu-central-1', 'eu-west-1');
      it.secrets[1].arn = it.secrets[1].arn.replace('123456789012', '999999999999');
      it.warehouses[0].namespaceArn = it.warehouses[0].namespaceArn.replace('123456789012', '999999999999');
      it.warehouses[1].workgroupArn = it.warehouses[1].workgroupArn.replace('arn:aws:', 'arn:aws-cn:');
      it.warehouses[1].associatedRoleArns = ['arn:aws:iam::999999999999:role/theirs'];
      it.network.subnets[0].availabilityZone = 'eu-west-1a';
      it.permissionsBoundaryArn = 'arn:aws:iam::999999999999:policy/theirs';
    });
    const place = "of this environment's account and Region, 123456789012 and eu-central-1";
    assert.match(
      said,
      new RegExp(`secrets\\[0\\]\\.arn is not what it should be: ${place}; it is "arn:aws:secretsmanager:eu-west-1:`),
    );
    const keys = [...said.matchAll(/^ {2}(\S+) is not/gm)].map(([, key]) => key);
    assert.deepEqual(keys, [
      'permissionsBoundaryArn',
      'secrets[0].arn',
      'secrets[0].kmsKeyArn',
      'secrets[1].arn',
      'warehouses[0].namespaceArn',
      'warehouses[1].workgroupArn',
      'warehouses[1].associatedRoleArns[0]',
      'network.subnets[0].availabilityZone',
    ]);
    assert.equal(
      complaint((it) => (it.permissionsBoundaryArn = 'arn:aws:iam::aws:policy/PowerUserAccess')),
      '',
    );
    const theirKey = 'arn:aws:kms:eu-central-1:999999999999:key/2f8d6a1c-0000-4000-8000-000000000001';
    assert.equal(
      complaint((it) => (it.secrets[0].kmsKeyArn = theirKey)),
      '',
    );
  });

  it('keeps unloaded files longer than two runs of a table take, and gives a migration more than its jobs', () => {
    assert.match(
      complaint((it) => (it.bucket.unloadDays = 2)),
      /bucket\.unloadDays is not .*two runs of a table, 48 hours by jobs\.tableHours; it is 2, 48 hours/,
    );
    assert.match(
      complaint((it) => (it.jobs.migrationHours = 41)),
      /jobs\.migrationHours is not .*, 41 hours by .*; it is 41/,
    );
    assert.equal(
      complaint((it) => Object.assign(it.jobs, { migrationHours: 42 }) && (it.bucket.unloadDays = 3)),
      '',
    );
    // Glue: less than seven days.
    assert.match(
      complaint((it) => (it.jobs.tableHours = 168)),
      /jobs\.tableHours is not .* from 1 to 167; it is 168/,
    );
  });

  it('has for each secret a warehouse of the file', () => {
    const said = complaint((it) => (it.secrets[1].warehouse = 'newer'));
    assert.match(
      said,
      /secrets\[1\]\.warehouse is not .*: the name of a warehouse in this file; one of old, new; it is "newer"$/m,
    );
  });

  it('has a warehouse that tenants may leave, and one in which they may arrive', () => {
    for (const [role, missing] of [
      ['source', 'target'],
      ['target', 'source'],
    ]) {
      const said = complaint((it) => it.warehouses.forEach((warehouse: any) => (warehouse.role = role)));
      assert.match(said, new RegExp(`warehouses has none that may be a ${missing}: give one the role ${missing} or both`));
    }
    for (const roles of [
      ['both', 'both'],
      ['both', 'source'],
      ['target', 'both'],
    ]) {
      const said = complaint((it) => roles.forEach((role, at) => (it.warehouses[at].role = role)));
      assert.equal(said, '', roles.join());
    }
  });

  it('is told all that is wrong at once', () => {
    const said = complaint((content) => {
      delete content.region;
      content.jobs.viewsHours = 0;
      content.secrets[0].warehouse = 'olden';
      content.warehouses[0].role = 'target';
      content.warehouses[1].name = 'old';
    });
    assert.equal(said.split('\n').length, 7, said);
    for (const value of ['it is 0', 'it is "olden"', 'it is "old"']) {
      assert.ok(said.includes(value), said);
    }
  });
});
