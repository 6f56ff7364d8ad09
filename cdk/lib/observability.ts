/** Who is told what: a topic, a rule for every end of an execution, alarms, and a dashboard. */

import {
  Duration,
  aws_cloudwatch as cloudwatch,
  aws_cloudwatch_actions as actions,
  aws_events as events,
  aws_events_targets as targets,
  aws_iam as iam,
  type aws_kms as kms,
  type aws_logs as logs,
  aws_sns as sns,
  aws_sns_subscriptions as subscriptions,
  type aws_stepfunctions as sfn,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { RUNBOOK } from './runbook.ts';
import { MAP_LABEL } from './state-machine/tables.ts';

/** How an execution may end (AWS Step Functions Developer Guide, "Step Functions events"). */
const ENDS = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];
const PERIOD = Duration.minutes(5);

export interface ObservabilityProps {
  readonly stateMachine: sfn.StateMachine;
  readonly logGroup: logs.ILogGroup;
  readonly key: kms.IKey;
  readonly email: string | undefined;
}

export class Observability extends Construct {
  readonly topic: sns.Topic;
  readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    this.topic = new sns.Topic(this, 'Topic', { masterKey: props.key, enforceSSL: true });
    if (props.email !== undefined) {
      this.topic.addSubscription(new subscriptions.EmailSubscription(props.email));
    }
    this.#tellEnds(props.stateMachine);
    this.#alarms(props.stateMachine);
    this.dashboard = this.#dashboard(props);
  }

  #tellEnds(stateMachine: sfn.StateMachine): void {
    const rule = new events.Rule(this, 'Ended', {
      description: 'An execution of the migration ended',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { status: ENDS, stateMachineArn: [stateMachine.stateMachineArn] },
      },
    });
    const field = events.EventField.fromPath;
    const message = `Migration ${field('$.detail.name')}: ${field('$.detail.status')}. Its report tells what moved and what did not. ${field('$.detail.executionArn')}`;
    rule.addTarget(new targets.SnsTopic(this.topic, { message: events.RuleTargetInput.fromText(message) }));
    // The rule's target has let EventBridge in; alarms come from CloudWatch.
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.topic.stack.account } },
      }),
    );
  }

  #alarms(stateMachine: sfn.StateMachine): void {
    const alarm = (id: string, metric: cloudwatch.Metric, alarmDescription: string) => {
      const it = new cloudwatch.Alarm(this, id, {
        alarmDescription,
        metric,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        // Nothing runs most of the time.
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
      it.addAlarmAction(new actions.SnsAction(this.topic));
    };
    const options = { period: PERIOD, statistic: 'Sum' };
    alarm('Failed', stateMachine.metricFailed(options), `A migration failed: ${RUNBOOK.failed}`);
    alarm('TimedOut', stateMachine.metricTimedOut(options), `A migration ran out of time: ${RUNBOOK.timedOut}`);
    alarm('Throttled', stateMachine.metricThrottled(options), `Step Functions throttles a migration: ${RUNBOOK.throttled}`);
  }

  /**
   * Each list of tables is an execution of the map, which has metrics under the machine's ARN with the map's label (AWS Step Functions
   * Developer Guide, "Viewing a Distributed Map Run"). What became of tables is in the verdicts, which the machine's log has.
   */
  #dashboard({ stateMachine, logGroup }: ObservabilityProps): cloudwatch.Dashboard {
    const ends = { period: PERIOD, statistic: 'Sum' };
    const ofTables = (metricName: string, statistic: string) =>
      new cloudwatch.Metric({
        namespace: 'AWS/States',
        metricName,
        dimensionsMap: { StateMachineArn: `${stateMachine.stateMachineArn}/${MAP_LABEL}` },
        period: PERIOD,
        statistic,
      });
    const graph = (title: string, left: cloudwatch.IMetric[]) => new cloudwatch.GraphWidget({ title, width: 12, left });
    return new cloudwatch.Dashboard(this, 'Dashboard', {
      widgets: [
        [
          graph('Migrations', [
            stateMachine.metricStarted(ends),
            stateMachine.metricSucceeded(ends),
            stateMachine.metricFailed(ends),
            stateMachine.metricAborted(ends),
          ]),
          graph('How long migrations take', [stateMachine.metricTime({ period: PERIOD, statistic: 'Maximum' })]),
        ],
        [
          graph('Runs of the data job, done and failed', [
            ofTables('ExecutionsSucceeded', 'Sum'),
            ofTables('ExecutionsFailed', 'Sum'),
          ]),
          graph('How long runs of the data job take', [
            ofTables('ExecutionTime', 'Average'),
            ofTables('ExecutionTime', 'Maximum'),
          ]),
        ],
        [
          // The verdict that each migration read, whichever way it ended then.
          new cloudwatch.LogQueryWidget({
            title: 'Migrations: tables, rows, bytes, seconds',
            width: 24,
            logGroupNames: [logGroup.logGroupName],
            queryLines: [
              'filter type = "TaskStateExited" and details.name = "ReadVerdict"',
              ...['tenant', 'status'].map((name) => `parse details.output /"${name}":"(?<${name}>[^"]*)"/`),
              ...['tables', 'failed', 'rows', 'bytes', 'seconds'].map(
                (name) => `parse details.output /"${name}":(?<${name}>[0-9.]+)/`,
              ),
              'display @timestamp, tenant, status, tables, failed, rows, bytes, seconds',
              'sort @timestamp desc',
              'limit 50',
            ],
          }),
        ],
        [
          new cloudwatch.LogQueryWidget({
            title: 'Why migrations and tables failed',
            width: 24,
            logGroupNames: [logGroup.logGroupName],
            queryLines: [
              'fields @timestamp, details.cause',
              'filter type = "ExecutionFailed"',
              'sort @timestamp desc',
              'limit 50',
            ],
          }),
        ],
      ],
    });
  }
}
