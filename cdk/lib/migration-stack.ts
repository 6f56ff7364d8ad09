/** One environment: everything that migrations between its warehouses need, and no name that another environment could have. */

import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Artifacts } from './artifacts.ts';
import type { Environment } from './config/environment.ts';
import { DataBucket } from './data-bucket.ts';
import { Jobs } from './jobs.ts';
import { Keys } from './keys.ts';
import { Network } from './network/network.ts';
import { Observability } from './observability.ts';
import { Operators } from './operators.ts';
import { Outputs } from './outputs.ts';
import { JobRoles } from './roles/job-roles.ts';
import { WarehouseRole } from './roles/warehouse-role.ts';
import { Migration } from './state-machine/state-machine.ts';

export interface MigrationStackProps extends StackProps {
  readonly environment: Environment;
  /** The directory of the executables. */
  readonly dist: string;
}

export class MigrationStack extends Stack {
  /** The environment's name. */
  readonly environmentName: string;

  constructor(scope: Construct, id: string, props: MigrationStackProps) {
    super(scope, id, props);
    const { environment, dist } = props;
    this.environmentName = environment.name;
    const { secrets, warehouses } = environment;
    const logRetention = environment.operations.logDays;

    const keys = new Keys(this, 'Keys');
    const key = keys.operations;
    const artifacts = new Artifacts(this, 'Artifacts', { directory: dist });
    const data = new DataBucket(this, 'Data', { settings: environment.bucket });
    const { connections } = new Network(this, 'Network', { settings: environment.network, warehouses, key, logRetention });
    const chain = environment.bucket.kind === 'import' ? environment.bucket.chainedRoleArns : [];
    const { role: warehouseRole, argument: iamRole } = new WarehouseRole(this, 'Warehouses', { data, chain });
    const roles = new JobRoles(this, 'Roles', { artifacts, connections, data, keys, secrets, warehouses, warehouseRole });
    const jobs = new Jobs(this, 'Jobs', {
      settings: environment.jobs,
      warehouses,
      artifacts,
      connections,
      key,
      roles,
      bucketUri: data.uri,
      iamRole,
      passwordKey: keys.passwords,
      dataKey: data.key,
      region: environment.region,
    });
    const { stateMachine, logGroup } = new Migration(this, 'Migration', {
      settings: environment.jobs,
      directions: { secrets, warehouses, environmentFile: `cdk/environments/${environment.name}.json` },
      data,
      jobs,
      key,
      logRetention,
    });
    const { topic, dashboard } = new Observability(this, 'Observability', {
      stateMachine,
      logGroup,
      key,
      email: environment.operations.email,
    });
    const { policy } = new Operators(this, 'Operators', { data, jobs, stateMachine, logGroup });
    new Outputs(this, 'Outputs', { data, jobs, keys, stateMachine, logGroup, topic, dashboard, operatorPolicy: policy });
  }
}
