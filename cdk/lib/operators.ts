/** A policy for people who run migrations and are no administrators: attach it to their role or group. */

import { ArnFormat, Stack, aws_iam as iam, type aws_logs as logs, type aws_stepfunctions as sfn } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { JOB_NAMES } from './contract.ts';
import type { DataBucket } from './data-bucket.ts';
import type { Jobs } from './jobs.ts';
import { type Right, acknowledgeWildcards } from './rights.ts';
import { MAP_LABEL } from './state-machine/tables.ts';

export interface OperatorsProps {
  readonly data: DataBucket;
  readonly jobs: Jobs;
  readonly stateMachine: sfn.StateMachine;
  readonly logGroup: logs.ILogGroup;
}

export class Operators extends Construct {
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: OperatorsProps) {
    super(scope, id);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      description: 'Starts, watches, stops and retries migrations, and reads their documents and logs; changes nothing else',
    });
    for (const { actions, resources, conditions, wildcard } of this.#rights(props)) {
      this.policy.addStatements(
        new iam.PolicyStatement({
          actions: [...actions],
          resources: [...resources],
          ...(conditions === undefined ? {} : { conditions }),
        }),
      );
      if (wildcard !== undefined) {
        acknowledgeWildcards(this.policy, resources, wildcard);
      }
    }
  }

  /** What the commands of cdk/README.md, "Operate", and the outputs call (Service Authorization Reference). */
  #rights({ data, jobs, stateMachine, logGroup }: OperatorsProps): readonly Right[] {
    const stack = Stack.of(this);
    const ofMachine = (resource: string, of = '') =>
      stack.formatArn({
        service: 'states',
        resource,
        resourceName: `${stateMachine.stateMachineName}${of}:*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const mapRuns = stack.formatArn({
      service: 'states',
      resource: 'mapRun',
      resourceName: `${stateMachine.stateMachineName}/*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const executions = [ofMachine('execution'), ofMachine('execution', `/${MAP_LABEL}`)];
    const named = 'executions, runs and tables get their names when a migration runs; Glue names its log groups itself';
    return [
      {
        actions: ['states:StartExecution', 'states:ListExecutions', 'states:DescribeStateMachine'],
        resources: [stateMachine.stateMachineArn],
      },
      {
        actions: ['states:DescribeExecution', 'states:GetExecutionHistory', 'states:StopExecution', 'states:ListMapRuns'],
        resources: executions,
        wildcard: named,
      },
      { actions: ['states:DescribeMapRun', 'states:ListExecutions'], resources: [mapRuns], wildcard: named },
      {
        actions: ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun'],
        resources: JOB_NAMES.map((name) => jobs.arnOf(name)),
      },
      { ...data.objects(['runs/*', 'migration-reports/*'], ['GetObject']), wildcard: named },
      data.list(['runs*', 'migration-reports*']),
      ...[data.encryption(['Decrypt'])].filter(({ resources }) => resources.length > 0),
      {
        actions: ['logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:StartQuery'],
        resources: [
          logGroup.logGroupArn,
          stack.formatArn({
            service: 'logs',
            resource: 'log-group',
            resourceName: '/aws-glue/*',
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ],
        wildcard: named,
      },
      // Its outputs are the commands.
      { actions: ['cloudformation:DescribeStacks'], resources: [stack.stackId] },
      // These know no resources.
      { actions: ['logs:GetQueryResults', 'cloudwatch:GetMetricData'], resources: ['*'], wildcard: 'they know no resources' },
    ];
  }
}
