/** What the operator needs next: commands to paste, and what stays when the stack goes. */

import { CfnOutput, Stack, type aws_stepfunctions as sfn } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DataBucket } from './data-bucket.ts';
import type { Jobs } from './jobs.ts';
import type { Keys } from './keys.ts';

export interface OutputsProps {
  readonly data: DataBucket;
  readonly jobs: Jobs;
  readonly keys: Keys;
  readonly stateMachine: sfn.StateMachine;
}

/** What the operator fills in. */
const INPUT = '{"TENANT_NAME": "…", "SCHEMAS": "a,b", "SOURCE_SECRET_ARN": "…", "TARGET_SECRET_ARN": "…"}';
const TABLE_ARGUMENTS =
  '{"--RUN_ID": "…", "--TABLE_NAME": "schema.table", "--TENANT_NAME": "…", "--SCHEMAS": "a,b", "--SOURCE_SECRET_ARN": "…", "--TARGET_SECRET_ARN": "…"}';

export class Outputs extends Construct {
  constructor(scope: Construct, id: string, props: OutputsProps) {
    super(scope, id);
    const { data, jobs, keys, stateMachine } = props;
    const { region } = Stack.of(this);
    const machine = stateMachine.stateMachineArn;
    const output = (name: string, description: string, value: string) => {
      new CfnOutput(this, name, { description, value }).overrideLogicalId(name);
    };
    output('StateMachineArn', 'The state machine', machine);
    output('DataBucket', 'Unloaded rows and the ledger', data.uri);
    output(
      'StartMigration',
      'Starts a migration; add "DRY_RUN": true to plan only',
      `aws stepfunctions start-execution --region ${region} --state-machine-arn ${machine} --input '${INPUT}'`,
    );
    output(
      'WatchMigrations',
      'Lists migrations with their states, the newest first',
      `aws stepfunctions list-executions --region ${region} --state-machine-arn ${machine}`,
    );
    output(
      'RetryFailedTables',
      'Goes on with a run: makes and moves what it has not made and moved',
      `aws stepfunctions start-execution --region ${region} --state-machine-arn ${machine} --input '{"RETRY_RUN": "…"}'`,
    );
    output(
      'FetchReports',
      'Copies the reports, pages and retry files of all migrations',
      `aws s3 sync --region ${region} ${data.uri}/migration-reports migration-reports`,
    );
    output(
      'PrintLog',
      'Prints what every job of a migration said; a script of the repository',
      `AWS_REGION=${region} tools/run-log RUN_ID ${Stack.of(this).stackName}`,
    );
    output(
      'RetryOneTable',
      'Moves one table again',
      `aws glue start-job-run --region ${region} --job-name ${jobs.nameOf('migrate-data')} --arguments '${TABLE_ARGUMENTS}'`,
    );
    const bucket = data.prefix === '' ? `the bucket ${data.bucket.bucketName} with its key, ` : '';
    output(
      'StaysOnDelete',
      'What is left when this stack is deleted',
      `${bucket}the secrets redshift-tenant-migration/<tenant>/<user> with their key ${keys.passwords.keyArn}, what Glue logged with its key ${keys.operations.keyArn}`,
    );
  }
}
