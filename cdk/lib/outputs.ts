/** What the operator needs next: commands to paste, and what stays when the stack goes. */

import {
  CfnOutput,
  Stack,
  type aws_cloudwatch as cloudwatch,
  type aws_iam as iam,
  type aws_logs as logs,
  type aws_sns as sns,
  type aws_stepfunctions as sfn,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { JOB_NAMES } from './contract.ts';
import type { DataBucket } from './data-bucket.ts';
import type { Jobs } from './jobs.ts';
import type { Keys } from './keys.ts';

export interface OutputsProps {
  readonly data: DataBucket;
  readonly jobs: Jobs;
  readonly keys: Keys;
  readonly stateMachine: sfn.StateMachine;
  /** That of the state machine. */
  readonly logGroup: logs.ILogGroup;
  readonly topic: sns.ITopic;
  readonly dashboard: cloudwatch.Dashboard;
  readonly operatorPolicy: iam.IManagedPolicy;
}

/** What the operator fills in. CloudFormation shows a question mark for what is not ASCII. */
const INPUT = '{"TENANT_NAME": "<tenant>", "SCHEMAS": "<a,b>", "SOURCE_SECRET_ARN": "<arn>", "TARGET_SECRET_ARN": "<arn>"}';
const TABLE_ARGUMENTS =
  '{"--RUN_ID": "<run-id>", "--TABLE_NAME": "<schema.table>", "--TENANT_NAME": "<tenant>", "--SCHEMAS": "<a,b>", "--SOURCE_SECRET_ARN": "<arn>", "--TARGET_SECRET_ARN": "<arn>"}';

export class Outputs extends Construct {
  constructor(scope: Construct, id: string, props: OutputsProps) {
    super(scope, id);
    const { data, jobs, keys, stateMachine, dashboard } = props;
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
      `aws stepfunctions start-execution --region ${region} --state-machine-arn ${machine} --input '{"RETRY_RUN": "<run-id>"}'`,
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
    for (const name of JOB_NAMES) {
      output(`Job${pascal(name)}`, `The Glue job of ${name}`, jobs.nameOf(name));
    }
    output('LogGroup', 'The log of the state machine', props.logGroup.logGroupName);
    output(
      'JobLogGroup',
      'Names the log groups of a run of a job',
      `aws glue get-job-run --region ${region} --job-name <job> --run-id <glue-run-id> --query JobRun.LogGroupName`,
    );
    output('Topic', 'Told of every end and every alarm: subscribe to it', props.topic.topicArn);
    output(
      'Dashboard',
      'All migrations',
      `aws cloudwatch get-dashboard --region ${region} --dashboard-name ${dashboard.dashboardName}`,
    );
    output('OperatorPolicy', 'For who runs migrations: attach it to their role or group', props.operatorPolicy.managedPolicyArn);
    const bucket = data.prefix === '' ? `the bucket ${data.bucket.bucketName} with its key, ` : '';
    output(
      'StaysOnDelete',
      'What is left when this stack is deleted',
      `${bucket}the secrets redshift-tenant-migration/<tenant>/<user> with their key ${keys.passwords.keyArn}, what Glue logged with its key ${keys.operations.keyArn}`,
    );
  }
}

const pascal = (name: string): string => name.replaceAll(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
