/** The state machine that runs a migration, with its role and its log. */

import {
  ArnFormat,
  RemovalPolicy,
  Stack,
  aws_iam as iam,
  type aws_kms as kms,
  aws_logs as logs,
  aws_stepfunctions as sfn,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { JobSettings } from '../config/environment.ts';
import { JOB_NAMES, type JobName } from '../contract.ts';
import type { DataBucket } from '../data-bucket.ts';
import type { Jobs } from '../jobs.ts';
import { ignoreCfnLint } from '../linters.ts';
import { acknowledgeWildcards, allow } from '../rights.ts';
import { definition } from './definition.ts';
import type { Directions } from './input.ts';
import { MAP_LABEL } from './tables.ts';
import { integrationsOf } from './tasks.ts';

export interface MigrationProps {
  readonly settings: JobSettings;
  readonly directions: Directions;
  readonly data: DataBucket;
  readonly jobs: Jobs;
  readonly key: kms.IKey;
  readonly logRetention: logs.RetentionDays;
}

export class Migration extends Construct {
  readonly stateMachine: sfn.StateMachine;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: MigrationProps) {
    super(scope, id);
    const { data, jobs, key } = props;
    const stack = Stack.of(this);
    this.logGroup = new logs.LogGroup(this, 'Log', {
      // Else each machine's group takes of the 5,120 characters that an account's resource policy may have (AWS Step Functions
      // Developer Guide, "Avoiding CloudWatch resource policy size limits").
      logGroupName: `/aws/vendedlogs/states/${stack.stackName}`,
      encryptionKey: key,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.#role(props);
    const names = {
      jobs: Object.fromEntries(JOB_NAMES.map((name) => [name, jobs.nameOf(name)])) as Record<JobName, string>,
      bucketName: data.bucket.bucketName,
      prefix: data.prefix,
      directions: props.directions,
      integration: integrationsOf(stack.partition),
    };
    this.stateMachine = new sfn.StateMachine(this, 'Machine', {
      definitionBody: sfn.DefinitionBody.fromString(stack.toJsonString(definition(names, props.settings))),
      role,
      tracingEnabled: true,
      // Inputs and outputs are names, ARNs and counts; a cell's value is in none of them.
      logs: { destination: this.logGroup, level: sfn.LogLevel.ALL, includeExecutionData: true },
    });
    ignoreCfnLint(this.stateMachine, 'W3005', 'CDK names the role beside its policy');
    this.#allowMap(role);
  }

  #role({ data, jobs }: MigrationProps): iam.Role {
    const stack = Stack.of(this);
    const role = new iam.Role(this, 'Role', {
      description: 'Runs a migration: starts Glue jobs and reads the documents that they write',
      // AWS Step Functions Developer Guide, "Creating an IAM role", with its advice on the confused deputy.
      assumedBy: new iam.ServicePrincipal('states.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': `arn:${stack.partition}:states:${stack.region}:${stack.account}:stateMachine:*` },
        },
      }),
    });
    const glueJobs = JOB_NAMES.map((name) => jobs.arnOf(name));
    allow(role, [
      { actions: ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'], resources: glueJobs },
      data.objects(['runs/*'], ['GetObject']),
      data.list(['runs/*']),
      // The map's results, which are written in parts (Developer Guide, "IAM policies for ResultWriter").
      data.objects(['runs/*/map/*'], ['PutObject', 'ListMultipartUploadParts', 'AbortMultipartUpload']),
      // Why a run of the data job failed; the tables of a retry file.
      data.objects(['runs/*/failures/*', 'runs/*/retry/*'], ['PutObject']),
      data.encryption(['Decrypt', 'GenerateDataKey']),
    ]);
    // What CDK adds for logs and traces.
    acknowledgeWildcards(role, ['*'], 'log deliveries and X-Ray know no resources');
    return role;
  }

  /**
   * A policy beside the role, for the state machine needs the role first (Developer Guide, "IAM policies for Distributed
   * Map"). A retry asks for the input of the execution that it retries.
   */
  #allowMap(role: iam.Role): void {
    const executions = (of: string) =>
      Stack.of(this).formatArn({
        service: 'states',
        resource: 'execution',
        resourceName: `${this.stateMachine.stateMachineName}${of}:*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const [parents, children] = [executions(''), executions(`/${MAP_LABEL}`)];
    const policy = new iam.Policy(this, 'MapPolicy', {
      statements: [
        new iam.PolicyStatement({ actions: ['states:StartExecution'], resources: [this.stateMachine.stateMachineArn] }),
        new iam.PolicyStatement({
          actions: ['states:DescribeExecution', 'states:StopExecution'],
          resources: [parents, children],
        }),
      ],
    });
    policy.attachToRole(role);
    acknowledgeWildcards(policy, [parents, children], 'executions get their names when they start');
  }
}
