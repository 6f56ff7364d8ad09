/** The Glue jobs: one an executable, each started by the one launcher. */

import { createHash } from 'node:crypto';
import { Duration, Names, Stack, aws_glue as glue, type aws_kms as kms } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Artifacts, Executable } from './artifacts.ts';
import type { JobSettings, WarehouseSettings } from './config/environment.ts';
import { namespaceId } from './config/warehouses.ts';
import type { JobName } from './contract.ts';
import { argumentsOf, JOB_NAMES } from './contract.ts';
import { allow } from './rights.ts';
import type { JobRoles } from './roles/job-roles.ts';

const MOST_NAME = 255;
/** Enough to tell the few configurations of a stack apart. */
const DIGEST_CHARACTERS = 8;

/**
 * The name of a security configuration, which Glue wants to be given: another for other settings. Glue changes none, so
 * CloudFormation makes the new one before the old one goes.
 */
export function nameOfSettings(stack: string, settings: unknown): string {
  return `${stack}-${createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, DIGEST_CHARACTERS)}`;
}

/** Runs that a person starts beside those of the state machine. */
const RUNS_BY_HAND = 5;

/** Reading a document for each of ten thousand tables takes minutes. */
export const REPORT_HOURS = 1;

/** The jobs whose runs are told in the report; its own is not at its end by then. */
const REPORTED = JOB_NAMES.filter((name) => name !== 'collect-report');

export interface JobsProps {
  readonly settings: JobSettings;
  readonly warehouses: readonly WarehouseSettings[];
  readonly artifacts: Artifacts;
  readonly connections: readonly glue.CfnConnection[];
  /** Encrypts logs and bookmarks. */
  readonly key: kms.IKey;
  readonly roles: JobRoles;
  /** `--S3_BUCKET`. */
  readonly bucketUri: string;
  /** `--IAM_ROLE`: a role, or a chain of roles. */
  readonly iamRole: string;
  readonly passwordKey: kms.IKey;
  /** `--KMS_KEY`: encrypts what is unloaded, and the ledger; none where an imported bucket has none. */
  readonly dataKey: kms.IKey | undefined;
  readonly region: Stack['region'];
}

export class Jobs extends Construct {
  readonly #jobs: ReadonlyMap<JobName, glue.CfnJob>;

  constructor(scope: Construct, id: string, props: JobsProps) {
    super(scope, id);
    const encryptionConfiguration = {
      cloudWatchEncryption: { cloudWatchEncryptionMode: 'SSE-KMS', kmsKeyArn: props.key.keyArn },
      // Of what Glue itself puts into S3; what the jobs put there has the bucket's own encryption.
      s3Encryptions: [{ s3EncryptionMode: 'SSE-KMS', kmsKeyArn: props.key.keyArn }],
      jobBookmarksEncryption: { jobBookmarksEncryptionMode: 'CSE-KMS', kmsKeyArn: props.key.keyArn },
    };
    const security = new glue.CfnSecurityConfiguration(this, 'Security', {
      name: nameOfSettings(
        Names.uniqueResourceName(this, { maxLength: MOST_NAME - DIGEST_CHARACTERS - 1, separator: '-' }),
        Stack.of(this).resolve(encryptionConfiguration),
      ),
      encryptionConfiguration,
    });
    const jobs = new Map<JobName, glue.CfnJob>();
    this.#jobs = jobs;
    // The last one reads of the runs of those before it.
    for (const name of JOB_NAMES) {
      jobs.set(name, this.#job(name, security.ref, props));
    }
    allow(props.roles.of('collect-report'), [
      { actions: ['glue:GetJobRuns'], resources: REPORTED.map((name) => this.arnOf(name)) },
    ]);
  }

  /** The name of a job, as StartJobRun takes it. */
  nameOf(job: JobName): string {
    return (this.#jobs.get(job) as glue.CfnJob).ref;
  }

  /** The ARN of a job. */
  arnOf(job: JobName): string {
    return Stack.of(this).formatArn({ service: 'glue', resource: 'job', resourceName: this.nameOf(job) });
  }

  #job(name: JobName, securityConfiguration: string, props: JobsProps): glue.CfnJob {
    const { artifacts, settings } = props;
    const executable = artifacts.executables.get(name) as Executable;
    const known = (given: Record<string, string>) =>
      Object.fromEntries(Object.entries(given).filter(([argument]) => argumentsOf(name).includes(argument)));
    const defaults: Record<string, string> = {
      '--AWS_REGION': props.region,
      '--S3_BUCKET': props.bucketUri,
      '--IAM_ROLE': props.iamRole,
      '--PASSWORD_KMS_KEY': props.passwordKey.keyArn,
      // Without a key UNLOAD writes with S3's own, whatever the bucket's default is (r_UNLOAD, ENCRYPTED).
      ...(props.dataKey === undefined ? {} : { '--KMS_KEY': props.dataKey.keyArn }),
      '--TOLERATED_FAILURE_PERCENTAGE': String(settings.toleratedFailurePercentage),
      ...(name === 'collect-report' ? { '--GLUE_JOBS': REPORTED.map((job) => `${job}=${this.nameOf(job)}`).join() } : {}),
    };
    return new glue.CfnJob(this, name, {
      description: `Redshift Tenant Migration: ${name}`,
      role: props.roles.of(name).roleArn,
      ...engine(settings, artifacts.launcher.s3ObjectUrl),
      connections: { connections: props.connections.map(({ ref }) => ref) },
      defaultArguments: { ...known(defaults), ...libraries(settings) },
      // What no run may change, by whomever it is started: the executable, and the bounds within which it works.
      nonOverridableArguments: known({
        '--EXECUTABLE': executable.asset.s3ObjectUrl,
        '--EXECUTABLE_SHA256': executable.sha256,
        '--WAREHOUSES': props.warehouses.map((it) => `${it.name}=${it.role}:${namespaceId(it)}`).join(),
        '--ALLOWED_IAM_ROLES': props.roles.associable.join(),
      }),
      executionProperty: { maxConcurrentRuns: concurrentRuns(name, settings) },
      // Step Functions retries: a retry of Glue's own would not be in the execution's history.
      maxRetries: 0,
      securityConfiguration,
      timeout: hours(name, settings).toMinutes(),
    });
  }
}

/** What Glue needs to know to start a Python script that starts an executable. */
function engine(
  settings: JobSettings,
  scriptLocation: string,
): Pick<glue.CfnJobProps, 'command' | 'glueVersion' | 'maxCapacity' | 'numberOfWorkers' | 'workerType'> {
  switch (settings.engine) {
    case 'python-shell':
      // A sixteenth of a DPU: Redshift moves the rows, the job waits for it.
      return { command: { name: 'pythonshell', pythonVersion: '3.9', scriptLocation }, glueVersion: '3.0', maxCapacity: 0.0625 };
    case 'spark':
      // The least that a Spark job takes.
      return {
        command: { name: 'glueetl', pythonVersion: '3', scriptLocation },
        glueVersion: '5.0',
        workerType: 'G.1X',
        numberOfWorkers: 2,
      };
  }
}

/**
 * The launcher needs boto3. "Configuring job properties for Python shell jobs" (Glue Developer Guide): the library set `analytics`
 * has it, `none` lists none, and which one is the default is not said. The parameter's name has no dashes. A Spark job has boto3.
 */
function libraries(settings: JobSettings): Record<string, string> {
  return settings.engine === 'python-shell' ? { 'library-set': 'analytics' } : {};
}

function hours(name: JobName, settings: JobSettings): Duration {
  switch (name) {
    case 'migrate-schema':
      return Duration.hours(settings.schemaHours);
    case 'migrate-data':
      return Duration.hours(settings.tableHours);
    case 'refresh-views':
      return Duration.hours(settings.viewsHours);
    case 'collect-report':
      return Duration.hours(REPORT_HOURS);
  }
}

/** So many tenants may migrate at the same time, each with a run a table at once; nobody is refused for Glue's own limit then. */
function concurrentRuns(name: JobName, settings: JobSettings): number {
  const runsOfTenant = name === 'migrate-data' ? settings.concurrentTables : 1;
  return settings.tenantsAtOnce * runsOfTenant + RUNS_BY_HAND;
}
