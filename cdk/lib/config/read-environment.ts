/** From `environments/<name>.json` to an `Environment`, or one error that names every key that is wrong. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNetwork, crossCheck } from './cross-checks.ts';
import {
  type BucketSettings,
  ENDPOINTS_CHOICES,
  type Environment,
  type JobSettings,
  type NetworkSettings,
  type OperationSettings,
  type SecretSettings,
  type SubnetSettings,
  WAREHOUSE_ROLES,
  type WarehouseSettings,
} from './environment.ts';
import { checkDurations } from './durations.ts';
import { Fields, type Problems } from './fields.ts';
import * as form from './forms.ts';
import { checkPlaces } from './places.ts';

/** A run must have less than seven days (AWS Glue API Reference, "Jobs", Timeout). */
const MOST_HOURS = 167;
/** An execution may take a year (AWS Step Functions Developer Guide, "Service quotas"). */
const MOST_MIGRATION_HOURS = 8_760;
const MOST_TENANTS_AT_ONCE = 20;
/** What CloudWatch Logs takes as a retention (PutRetentionPolicy). */
const LOG_DAYS: readonly [number, ...number[]] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Reads the file of an environment. */
export function readEnvironment(directory: string, name: string): Environment {
  const file = join(directory, `${name}.json`);
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new Error(`-c env=${name}: an environment's name is lower case letters, digits and hyphens, a letter first`);
  }
  if (!existsSync(file)) {
    const known = readdirSync(directory).map((it) => it.replace(/\.json$/, ''));
    throw new Error(`-c env=${name}: there is no ${file}; there are ${known.join(', ')}`);
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
  return parseEnvironment(name, content, file);
}

/** The environment that a file's content describes; `file` names it in the error. */
export function parseEnvironment(name: string, content: unknown, file: string): Environment {
  const problems: Problems = [];
  const fields = new Fields(content, '', 'the settings of an environment', problems);
  const environment: Environment = {
    name,
    account: fields.text('account', form.ACCOUNT),
    region: fields.text('region', form.REGION),
    tags: fields.textsByName('tags', 'tags of every resource', form.TAG_KEY, form.TAG_VALUE),
    permissionsBoundaryArn: fields.optionalText('permissionsBoundaryArn', form.POLICY_ARN),
    network: fields.object('network', 'where the jobs run', network),
    secrets: fields.objects('secrets', 'the secrets that the jobs may read', secret),
    warehouses: fields.objects('warehouses', 'the warehouses between which tenants move', warehouse),
    bucket: fields.object('bucket', 'where unloaded data and the ledger lie', bucket),
    jobs: fields.object('jobs', 'how the Glue jobs run', jobs),
    operations: fields.object('operations', 'logs, and who is told', operations),
  };
  fields.end();
  checkNetwork(environment.network, problems);
  crossCheck(environment.secrets, environment.warehouses, problems);
  checkPlaces(environment, problems);
  checkDurations(environment.bucket, environment.jobs, problems);
  if (problems.length > 0) {
    throw new Error(`${file}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
  return environment;
}

function network(fields: Fields): NetworkSettings {
  return {
    vpcId: fields.text('vpcId', form.VPC),
    subnets: fields.objectsOr(
      'subnets',
      'private subnets of the jobs and endpoints, one an Availability Zone',
      (subnet) => ({
        subnetId: subnet.text('subnetId', form.SUBNET),
        availabilityZone: subnet.text('availabilityZone', form.AVAILABILITY_ZONE),
      }),
      subnetsOfParameter,
    ),
    endpoints: fields.choice('endpoints', ENDPOINTS_CHOICES, "how the jobs reach AWS's services"),
    egress: fields.optionalObject('egress', 'where the jobs may go on port 443', (egress) => ({
      s3PrefixList: egress.optionalText('s3PrefixList', form.PREFIX_LIST),
      cidrs: egress.texts('cidrs', form.CIDR),
    })),
  };
}

/** The zones must be told: how many subnets there are, Glue's connections must know before the stack is deployed. */
function subnetsOfParameter(fields: Fields): readonly SubnetSettings[] {
  const parameter = fields.text('parameter', form.SUBNET_LIST);
  const zones = fields.texts('availabilityZones', form.AVAILABILITY_ZONE, 1);
  return zones.map((availabilityZone, at) => ({ subnetId: { parameter, at }, availabilityZone }));
}

function secret(fields: Fields): SecretSettings {
  return {
    arn: fields.text('arn', form.SECRET_ARN),
    kmsKeyArn: fields.optionalText('kmsKeyArn', form.KEY_ARN),
    warehouse: fields.text('warehouse', form.WAREHOUSE),
  };
}

function warehouse(fields: Fields): WarehouseSettings {
  const kind = fields.choice('kind', ['provisioned', 'serverless'], 'a cluster or a Serverless workgroup');
  const any = {
    name: fields.text('name', form.WAREHOUSE),
    role: fields.choice('role', WAREHOUSE_ROLES, 'what it may be in a migration'),
    port: fields.integer('port', 1150, 65535, 'where it listens, mostly 5439'),
    reachedAt: fields.text('reachedAt', form.REACHED_AT),
  };
  switch (kind) {
    case 'provisioned':
      return {
        kind,
        ...any,
        clusterIdentifier: fields.text('clusterIdentifier', form.CLUSTER),
        namespaceArn: fields.text('namespaceArn', form.CLUSTER_NAMESPACE_ARN),
      };
    case 'serverless':
      return {
        kind,
        ...any,
        workgroupArn: fields.text('workgroupArn', form.WORKGROUP_ARN),
        namespaceArn: fields.text('namespaceArn', form.NAMESPACE_ARN),
        associatedRoleArns: fields.texts('associatedRoleArns', form.ROLE_ARN),
      };
  }
}

function bucket(fields: Fields): BucketSettings {
  const kind = fields.choice('kind', ['create', 'import'], 'whether the stack makes the bucket');
  switch (kind) {
    case 'create':
      return { kind, unloadDays: fields.integer('unloadDays', 1, 365, 'days until files of dead jobs go') };
    case 'import':
      return {
        kind,
        bucketName: fields.text('bucketName', form.BUCKET),
        prefix: fields.text('prefix', form.PREFIX),
        kmsKeyArn: fields.optionalText('kmsKeyArn', form.KEY_ARN),
        chainedRoleArns: fields.texts('chainedRoleArns', form.ROLE_ARN),
      };
  }
}

function jobs(fields: Fields): JobSettings {
  const hours = (key: string, what: string) => fields.integer(key, 1, MOST_HOURS, `hours after which ${what} is stopped`);
  return {
    engine: fields.choice('engine', ['python-shell', 'spark'], 'what Glue starts the launcher with'),
    concurrentTables: fields.integer('concurrentTables', 1, 200, 'runs of the data job of one tenant at the same time'),
    tenantsAtOnce: fields.integer('tenantsAtOnce', 1, MOST_TENANTS_AT_ONCE, 'tenants that may migrate at the same time'),
    toleratedFailurePercentage: fields.integer(
      'toleratedFailurePercentage',
      0,
      100,
      'share of the tables that may fail, in percent',
    ),
    schemaHours: hours('schemaHours', 'the schema job'),
    tableHours: hours('tableHours', "one table's move"),
    viewsHours: hours('viewsHours', 'the views job'),
    migrationHours: fields.integer(
      'migrationHours',
      1,
      MOST_MIGRATION_HOURS,
      'hours after which a whole migration is ended and an alarm tells it',
    ),
    secondsBeforeRetry: fields.integer('secondsBeforeRetry', 1, 900, 'wait before a failed run is started once more'),
  };
}

function operations(fields: Fields): OperationSettings {
  const logDays = fields.oneOf('logDays', LOG_DAYS, 'days that logs are kept');
  return { logDays, email: fields.optionalText('email', form.EMAIL) };
}
