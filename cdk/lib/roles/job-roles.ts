/** One role a job, each with what that job alone does. */

import { ArnFormat, Stack, type aws_glue as glue, type aws_iam as iam } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Artifacts, Executable } from '../artifacts.ts';
import type { SecretSettings, WarehouseSettings } from '../config/environment.ts';
import type { JobName } from '../contract.ts';
import type { DataBucket } from '../data-bucket.ts';
import type { Keys } from '../keys.ts';
import type { Right } from '../rights.ts';
import { JobRole } from './job-role.ts';

export interface JobRolesProps {
  readonly artifacts: Artifacts;
  readonly connections: readonly glue.CfnConnection[];
  readonly data: DataBucket;
  readonly keys: Keys;
  readonly secrets: readonly SecretSettings[];
  readonly warehouses: readonly WarehouseSettings[];
  /** The role that the schema job associates with both warehouses. */
  readonly warehouseRole: iam.IRole;
}

export class JobRoles extends Construct {
  /** The roles that the schema job may associate with a warehouse: it passes that of UNLOAD and COPY, and those which are there already. */
  readonly associable: readonly string[];
  readonly #roles: ReadonlyMap<JobName, iam.Role>;

  constructor(scope: Construct, id: string, props: JobRolesProps) {
    super(scope, id);
    const associated = props.warehouses.flatMap((it) => (it.kind === 'serverless' ? it.associatedRoleArns : []));
    this.associable = [...new Set([props.warehouseRole.roleArn, ...associated])];
    const role = (name: JobName, does: string, rights: readonly Right[]): [JobName, iam.Role] => {
      const executable = props.artifacts.executables.get(name) as Executable;
      const { role } = new JobRole(this, name, {
        description: `Glue job ${name}: ${does}`,
        artifacts: [props.artifacts.launcher, executable.asset],
        secrets: name === 'collect-report' ? [] : props.secrets,
        connections: props.connections,
        rights: [...keepLedger(props.data), encryptLogs(props.keys), ...rights],
      });
      return [name, role];
    };
    const logIn = this.#logIn(props.warehouses);
    this.#roles = new Map([
      role('migrate-schema', 'compares both warehouses and makes what is missing on the target', [
        ...logIn,
        ...this.#keepPasswords(props.keys),
        ...this.#associateRole(props.warehouses),
        ...tellLoadedRows(props.data, ['GetObject']),
        ...tidyPreflight(props.data),
      ]),
      role('migrate-data', 'moves rows', [
        ...logIn,
        ...handleUnloadedFiles(props.data),
        ...tellLoadedRows(props.data, ['GetObject', 'PutObject']),
      ]),
      role('refresh-views', 'makes what follows the data', logIn),
      // Which runs it may ask for is known when the jobs are: `Jobs` adds that.
      role('collect-report', 'tells what became of a run', [props.data.objects(['migration-reports/*'], ['PutObject'])]),
    ]);
  }

  /** The role of a job. */
  of(job: JobName): iam.Role {
    return this.#roles.get(job) as iam.Role;
  }

  /** Temporary credentials, where a secret has no password. */
  #logIn(warehouses: readonly WarehouseSettings[]): Right[] {
    const clusters = warehouses.flatMap((it) => (it.kind === 'provisioned' ? [it.clusterIdentifier] : []));
    return [
      {
        actions: ['redshift:GetClusterCredentials'],
        resources: clusters.flatMap((cluster) => ['dbuser', 'dbname'].map((type) => this.#ofCluster(type, `${cluster}/*`))),
        wildcard: 'user and database stand in the secret',
      },
      {
        actions: ['redshift-serverless:GetCredentials'],
        resources: warehouses.flatMap((it) => (it.kind === 'serverless' ? [it.workgroupArn] : [])),
      },
    ];
  }

  /** `--PASSWORDS generate`: secrets below one name, encrypted with one key; none of another maker is read. */
  #keepPasswords(keys: Keys): Right[] {
    const resource = { service: 'secretsmanager', resource: 'secret', resourceName: 'redshift-tenant-migration/*' };
    return [
      {
        actions: ['secretsmanager:CreateSecret', 'secretsmanager:GetSecretValue'],
        resources: [Stack.of(this).formatArn({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME })],
        wildcard: 'a secret is named for its tenant and user, who are known only when a migration runs',
      },
      {
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: [keys.passwords.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(this).region}.amazonaws.com` } },
      },
    ];
  }

  /** Makes both warehouses able to assume the role of UNLOAD and COPY. */
  #associateRole(warehouses: readonly WarehouseSettings[]): Right[] {
    const serverless = warehouses.flatMap((it) => (it.kind === 'serverless' ? [it] : []));
    const clusters = warehouses.flatMap((it) =>
      it.kind === 'provisioned' ? [this.#ofCluster('cluster', it.clusterIdentifier)] : [],
    );
    return [
      // Knows no resources.
      { actions: ['redshift:DescribeClusters'], resources: clusters.length === 0 ? [] : ['*'] },
      { actions: ['redshift:ModifyClusterIamRoles'], resources: clusters },
      { actions: ['redshift-serverless:GetWorkgroup'], resources: serverless.map((it) => it.workgroupArn) },
      {
        actions: ['redshift-serverless:GetNamespace', 'redshift-serverless:UpdateNamespace'],
        resources: serverless.map((it) => it.namespaceArn),
      },
      {
        actions: ['iam:PassRole'],
        resources: this.associable,
        conditions: {
          StringEquals: { 'iam:PassedToService': ['redshift.amazonaws.com', 'redshift-serverless.amazonaws.com'] },
        },
      },
    ];
  }

  #ofCluster(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service: 'redshift', resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}

/** `--PREFLIGHT` removes what it wrote, and what UNLOAD wrote for it. No tenant's folder has this name. */
function tidyPreflight(data: DataBucket): Right[] {
  return [data.objects(['runs/.preflight/*', 'unload/.preflight/*'], ['DeleteObject']), data.list(['unload/.preflight/*'])];
}

/**
 * What Glue writes with the security configuration's key, for which it wants rights of the job's role beside those of CloudWatch Logs (AWS Glue
 * Developer Guide, "Encrypting data written by AWS Glue", "Setting up"). Whether it calls through another service is not said.
 */
function encryptLogs(keys: Keys): Right {
  return {
    actions: ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey', 'DescribeKey'].map(
      (name) => `kms:${name}`,
    ),
    resources: [keys.operations.keyArn],
  };
}

/**
 * The documents of runs. Some are written on condition that no other job wrote in between, which takes no more than these
 * actions (Amazon S3 User Guide, "How to prevent object overwrites with conditional writes").
 */
function keepLedger(data: DataBucket): Right[] {
  return [
    data.objects(['runs/*'], ['GetObject', 'PutObject']),
    data.list(['runs/*']),
    data.encryption(['Decrypt', 'GenerateDataKey']),
  ];
}

/** What the loads have left in tables of the target: only the job that loads may say it. */
function tellLoadedRows(data: DataBucket, actions: readonly ('GetObject' | 'PutObject')[]): Right[] {
  return [data.objects(['loaded/*'], actions), data.list(['loaded/*'])];
}

/** The manifest of an UNLOAD is read; its files are removed once they are loaded. */
function handleUnloadedFiles(data: DataBucket): Right[] {
  return [data.objects(['unload/*'], ['GetObject', 'DeleteObject']), data.list(['unload/*'])];
}
