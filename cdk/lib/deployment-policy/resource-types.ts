/**
 * What CloudFormation calls for a resource of each type, and to what that can be bounded.
 *
 * The actions are those of the type's handlers in the CloudFormation registry (`aws cloudformation describe-type`,
 * `handlers.*.permissions`) without those for properties that this app does not set; what an action can be bounded by is
 * said by the Service Authorization Reference. `tests/deployment/test_deployment_policy.py` holds this table to the registry.
 */

import { ENVIRONMENT_TAG, rolePath } from '../belonging.ts';
import { type Conditions, type Grant, of } from './grant.ts';
import { type Place, type Resource, arn, names, referred } from './place.ts';

type Rule = (it: Resource, at: Place) => readonly Grant[];

/** The rights for one resource of the template. */
export function rightsFor(it: Resource, at: Place): readonly Grant[] {
  const rule = it.type.startsWith('Custom::') ? customResource : RULES[it.type];
  if (rule === undefined) {
    throw new Error(`${it.id} is of the type ${it.type}, whose rights are not known: add them to ${FILE}`);
  }
  return rule(it, at);
}

const FILE = 'cdk/lib/deployment-policy/resource-types.ts';

/** Actions that know no resources. */
const anywhere = (service: string, ...actions: readonly string[]): Grant => ({
  actions: of(service, ...actions),
  resources: ['*'],
});

/** What the stack itself tagged, and what it tags when it creates it. */
const tagged = (at: Place): Conditions => ({ StringEquals: { [`aws:ResourceTag/${ENVIRONMENT_TAG}`]: at.environment } });
const tagging = (at: Place): Conditions => ({ StringEquals: { [`aws:RequestTag/${ENVIRONMENT_TAG}`]: at.environment } });

/** The roles of this environment, by the path that `mark` gives them. */
const roles = (at: Place): string => arn(at, 'iam', `role${rolePath(at.environment)}*`, '');

/** Hands one of the stack's roles to the service that is to assume it, and to no other. */
const passRole = (at: Place, service: string): Grant => ({
  actions: ['iam:PassRole'],
  resources: [roles(at)],
  conditions: { StringEquals: { 'iam:PassedToService': `${service}.amazonaws.com` } },
});

/** Limits of names, where a whole stack's name may not fit beside the rest. */
const BUCKET_NAME = 63;
const FUNCTION_NAME = 64;
const RULE_NAME = 64;
const STATE_MACHINE_NAME = 80;
const LONG_NAME = 255;

const alarm: Rule = (it, at) => [
  {
    actions: of('cloudwatch', 'PutMetricAlarm', 'DeleteAlarms', 'ListTagsForResource', 'TagResource', 'UntagResource'),
    resources: names(at, it.id, LONG_NAME).map((name) => arn(at, 'cloudwatch', `alarm:${name}`)),
  },
  // A description is of all alarms, from which those asked for are taken.
  { actions: ['cloudwatch:DescribeAlarms'], resources: [arn(at, 'cloudwatch', 'alarm:*')] },
];

const dashboard: Rule = (it, at) => [
  {
    actions: of(
      'cloudwatch',
      'PutDashboard',
      'GetDashboard',
      'DeleteDashboards',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
    ),
    resources: names(at, it.id, LONG_NAME).map((name) => arn(at, 'cloudwatch', `dashboard/${name}`, '')),
  },
];

const RULE_CHANGES = of(
  'ec2',
  'AuthorizeSecurityGroupEgress',
  'AuthorizeSecurityGroupIngress',
  'RevokeSecurityGroupEgress',
  'RevokeSecurityGroupIngress',
  'UpdateSecurityGroupRuleDescriptionsEgress',
  'UpdateSecurityGroupRuleDescriptionsIngress',
);

/** A group's id is not known before: ours is known by its tag, which it has from the call on that creates it. */
const securityGroup: Rule = (it, at) => {
  const groups = [arn(at, 'ec2', 'security-group/*')];
  const vpc = it.properties['VpcId'];
  return [
    // A VPC that a parameter names is known only when the stack is deployed.
    { actions: ['ec2:CreateSecurityGroup'], resources: [arn(at, 'ec2', `vpc/${typeof vpc === 'string' ? vpc : '*'}`)] },
    { actions: ['ec2:CreateSecurityGroup'], resources: groups, conditions: tagging(at) },
    {
      actions: ['ec2:CreateTags'],
      resources: groups,
      conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' } },
    },
    {
      actions: [...RULE_CHANGES, ...of('ec2', 'DeleteSecurityGroup', 'CreateTags', 'DeleteTags')],
      resources: groups,
      conditions: tagged(at),
    },
    anywhere('ec2', 'DescribeSecurityGroups', 'DescribeInstances'),
  ];
};

/** A rule of our group, or of a warehouse's, whose id the environment's file names; that of a parameter is known only at deployment. */
const securityGroupRule: Rule = (it, at) => {
  const group = it.properties['GroupId'];
  const isParameter = typeof group === 'object' && group !== null && 'Ref' in group;
  const id = typeof group === 'string' ? group : isParameter ? '*' : undefined;
  const theirs = id === undefined ? [] : [{ actions: RULE_CHANGES, resources: [arn(at, 'ec2', `security-group/${id}`)] }];
  return [...theirs, anywhere('ec2', 'DescribeSecurityGroups', 'DescribeSecurityGroupRules')];
};

const eventsRule: Rule = (it, at) => [
  {
    actions: of(
      'events',
      'PutRule',
      'DescribeRule',
      'DeleteRule',
      'PutTargets',
      'RemoveTargets',
      'ListTargetsByRule',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
    ),
    resources: names(at, it.id, RULE_NAME).map((name) => arn(at, 'events', `rule/${name}`)),
  },
];

const glueConnection: Rule = (it, at) => [
  {
    actions: of(
      'glue',
      'CreateConnection',
      'GetConnection',
      'UpdateConnection',
      'DeleteConnection',
      'GetTags',
      'TagResource',
      'UntagResource',
    ),
    resources: [arn(at, 'glue', 'catalog'), ...names(at, it.id, LONG_NAME).map((name) => arn(at, 'glue', `connection/${name}`))],
  },
];

const glueJob: Rule = (it, at) => [
  {
    actions: of('glue', 'CreateJob', 'GetJob', 'UpdateJob', 'DeleteJob', 'GetTags', 'TagResource', 'UntagResource'),
    resources: names(at, it.id, LONG_NAME).map((name) => arn(at, 'glue', `job/${name}`)),
  },
  { actions: ['iam:GetRole'], resources: [roles(at)] },
  passRole(at, 'glue'),
];

const role: Rule = (it, at) => [
  {
    actions: of(
      'iam',
      'CreateRole',
      'GetRole',
      'UpdateRole',
      'UpdateRoleDescription',
      'UpdateAssumeRolePolicy',
      'DeleteRole',
      'ListRolePolicies',
      'ListAttachedRolePolicies',
      'GetRolePolicy',
      'ListRoleTags',
      'TagRole',
      'UntagRole',
      // A boundary that the roles have may be changed and taken away.
      ...('PermissionsBoundary' in it.properties ? ['PutRolePermissionsBoundary', 'DeleteRolePermissionsBoundary'] : []),
    ),
    resources: [roles(at)],
  },
];

const rolePolicy: Rule = (_, at) => [
  { actions: of('iam', 'GetRolePolicy', 'PutRolePolicy', 'DeleteRolePolicy'), resources: [roles(at)] },
];

/** Attached to nobody: who operates does that. */
const managedPolicy: Rule = (_, at) => [
  {
    actions: of(
      'iam',
      'CreatePolicy',
      'CreatePolicyVersion',
      'DeletePolicy',
      'DeletePolicyVersion',
      'GetPolicy',
      'GetPolicyVersion',
      'ListEntitiesForPolicy',
      'ListPolicyVersions',
    ),
    resources: [arn(at, 'iam', `policy${rolePath(at.environment)}*`, '')],
  },
];

/**
 * A key's id is not known before either. What could harm another key needs the environment's tag. A tag may count only minutes after
 * the key was created (KMS Developer Guide, "ABAC for KMS"), so what creating and reading take does without.
 */
const key: Rule = (it, at) => {
  const keys = [arn(at, 'kms', 'key/*')];
  const deletion = it.isKept ? [] : of('kms', 'ScheduleKeyDeletion');
  return [
    { actions: ['kms:CreateKey'], resources: ['*'], conditions: tagging(at) },
    { actions: ['kms:TagResource'], resources: keys, conditions: tagging(at) },
    {
      actions: of(
        'kms',
        'DescribeKey',
        'EnableKeyRotation',
        'GetKeyPolicy',
        'GetKeyRotationStatus',
        'ListResourceTags',
        // Who creates a key must be able to change its policy afterwards ("Creating keys", required permissions).
        'PutKeyPolicy',
      ),
      resources: keys,
    },
    {
      actions: [...of('kms', 'UpdateKeyDescription', 'DisableKeyRotation', 'TagResource', 'UntagResource'), ...deletion],
      resources: keys,
      conditions: tagged(at),
    },
  ];
};

const functions = (at: Place, id: string): string[] =>
  names(at, id, FUNCTION_NAME).map((name) => arn(at, 'lambda', `function:${name}`));

const lambdaFunction: Rule = (it, at) => {
  const { S3Bucket: bucket } = it.properties['Code'] as { S3Bucket: string };
  return [
    {
      actions: of(
        'lambda',
        'CreateFunction',
        'GetFunction',
        'UpdateFunctionCode',
        'UpdateFunctionConfiguration',
        'DeleteFunction',
        'GetFunctionCodeSigningConfig',
        'GetFunctionRecursionConfig',
        'GetFunctionScalingConfig',
        'GetRuntimeManagementConfig',
        'ListTags',
        'TagResource',
        'UntagResource',
      ),
      resources: functions(at, it.id),
    },
    // The code, which has another key with each version.
    { actions: of('s3', 'GetObject', 'GetObjectVersion'), resources: [arn(at, 's3', `${bucket}/*`, '', '')] },
    passRole(at, 'lambda'),
  ];
};

const groupNames = (at: Place, { id, properties: { LogGroupName: name } }: Resource): readonly string[] =>
  typeof name === 'string' ? [name] : names(at, id, LONG_NAME);

const logGroup: Rule = (it, at) => [
  {
    actions: of(
      'logs',
      'CreateLogGroup',
      'DeleteLogGroup',
      'AssociateKmsKey',
      'DisassociateKmsKey',
      'PutRetentionPolicy',
      'DeleteRetentionPolicy',
      'GetDataProtectionPolicy',
      'DescribeIndexPolicies',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
    ),
    resources: groupNames(at, it).map((name) => arn(at, 'logs', `log-group:${name}`)),
  },
  anywhere('logs', 'DescribeLogGroups', 'DescribeResourcePolicies', 'DescribeIndexPolicies'),
];

const buckets = (at: Place, id: string): string[] =>
  names(at, id, BUCKET_NAME).map((name) => arn(at, 's3', name.toLowerCase(), '', ''));

const bucket: Rule = (it, at) => [
  {
    actions: [
      ...of('s3', 'CreateBucket', 'ListBucket', ...(it.isKept ? [] : ['DeleteBucket'])),
      ...of('s3', 'GetEncryptionConfiguration', 'PutEncryptionConfiguration', 'DeleteBucketEncryption'),
      ...of('s3', 'GetLifecycleConfiguration', 'PutLifecycleConfiguration', 'DeleteBucketLifecycle'),
      ...of('s3', 'GetBucketPublicAccessBlock', 'PutBucketPublicAccessBlock'),
      ...of('s3', 'GetBucketVersioning', 'PutBucketVersioning'),
      ...of('s3', 'GetBucketTagging', 'PutBucketTagging', 'DeleteBucketTagging'),
      ...of('s3', 'ListTagsForResource', 'TagResource', 'UntagResource'),
      // Whatever else a bucket may have is read, too, when its state is looked at.
      ...of('s3', 'GetAccelerateConfiguration', 'GetAnalyticsConfiguration', 'GetBucketAbac', 'GetBucketAcl', 'GetBucketCORS'),
      ...of('s3', 'GetBucketLogging', 'GetBucketMetadataTableConfiguration', 'GetBucketNotification'),
      ...of('s3', 'GetBucketObjectLockConfiguration', 'GetBucketOwnershipControls', 'GetBucketWebsite'),
      ...of('s3', 'GetIntelligentTieringConfiguration', 'GetInventoryConfiguration', 'GetMetricsConfiguration'),
      ...of('s3', 'GetReplicationConfiguration'),
    ],
    resources: buckets(at, it.id),
  },
];

const bucketPolicy: Rule = (it, at) => [
  {
    actions: of('s3', 'GetBucketPolicy', 'PutBucketPolicy', 'DeleteBucketPolicy'),
    resources: buckets(at, referred(it.properties['Bucket']) ?? it.id),
  },
];

const topics = (at: Place, id: string): string[] => names(at, id, LONG_NAME).map((name) => arn(at, 'sns', name));

const topic: Rule = (it, at) => [
  {
    actions: of(
      'sns',
      'CreateTopic',
      'GetTopicAttributes',
      'SetTopicAttributes',
      'DeleteTopic',
      'GetDataProtectionPolicy',
      'ListSubscriptionsByTopic',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
    ),
    resources: topics(at, it.id),
  },
];

const topicPolicy: Rule = (it, at) =>
  (it.properties['Topics'] as readonly unknown[]).map((one) => ({
    actions: ['sns:SetTopicAttributes'],
    resources: topics(at, referred(one) ?? it.id),
  }));

const subscription: Rule = (it, at) => [
  { actions: ['sns:Subscribe'], resources: topics(at, referred(it.properties['TopicArn']) ?? it.id) },
  anywhere('sns', 'Unsubscribe', 'GetSubscriptionAttributes', 'SetSubscriptionAttributes'),
];

const stateMachine: Rule = (it, at) => [
  {
    actions: of(
      'states',
      'CreateStateMachine',
      'DescribeStateMachine',
      'UpdateStateMachine',
      'DeleteStateMachine',
      'ListTagsForResource',
      'TagResource',
      'UntagResource',
    ),
    resources: names(at, it.id, STATE_MACHINE_NAME).map((name) => arn(at, 'states', `stateMachine:${name}`)),
  },
  passRole(at, 'states'),
];

/** CloudFormation calls the function that stands behind it (CloudFormation User Guide, "Custom resources"). */
const customResource: Rule = (it, at) => [
  { actions: ['lambda:InvokeFunction'], resources: functions(at, referred(it.properties['ServiceToken']) ?? it.id) },
];

const RULES: Readonly<Record<string, Rule>> = {
  // Only CloudFormation itself keeps it.
  'AWS::CDK::Metadata': () => [],
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::Dashboard': dashboard,
  'AWS::EC2::SecurityGroup': securityGroup,
  'AWS::EC2::SecurityGroupEgress': securityGroupRule,
  'AWS::EC2::SecurityGroupIngress': securityGroupRule,
  'AWS::Events::Rule': eventsRule,
  'AWS::Glue::Connection': glueConnection,
  'AWS::Glue::Job': glueJob,
  'AWS::Glue::SecurityConfiguration': () => [
    anywhere('glue', 'CreateSecurityConfiguration', 'GetSecurityConfiguration', 'DeleteSecurityConfiguration'),
  ],
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': rolePolicy,
  'AWS::IAM::Role': role,
  'AWS::KMS::Key': key,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::StepFunctions::StateMachine': stateMachine,
};
