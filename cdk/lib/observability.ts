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
    const message = `Migration ${field('$.detail.name')}: ${field('$.detail.status')}. ${field('$.detail.executionArn')}`;
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

  /** Of the tables each is an execution of the map, whose events are in the machine's log. */
  #dashboard({ stateMachine, logGroup }: ObservabilityProps): cloudwatch.Dashboard {
    const ends = { period: PERIOD, statistic: 'Sum' };
    const tables = (title: string, filter: string) =>
      new cloudwatch.LogQueryWidget({
        title,
        width: 12,
        logGroupNames: [logGroup.logGroupName],
        queryLines: [filter, 'filter execution_arn like /MigrateTables/', 'stats count(*) as tables by bin(5m)'],
        view: cloudwatch.LogQueryVisualizationType.BAR,
      });
    return new cloudwatch.Dashboard(this, 'Dashboard', {
      widgets: [
        [
          new cloudwatch.GraphWidget({
            title: 'Migrations',
            width: 12,
            left: [
              stateMachine.metricStarted(ends),
              stateMachine.metricSucceeded(ends),
              stateMachine.metricFailed(ends),
              stateMachine.metricAborted(ends),
            ],
          }),
          new cloudwatch.GraphWidget({
            title: 'How long migrations take',
            width: 12,
            left: [stateMachine.metricTime({ period: PERIOD, statistic: 'Maximum' })],
          }),
        ],
        [tables('Tables done', 'filter type = "ExecutionSucceeded"'), tables('Tables failed', 'filter type = "ExecutionFailed"')],
        [
          new cloudwatch.LogQueryWidget({
            title: 'Why tables failed',
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
