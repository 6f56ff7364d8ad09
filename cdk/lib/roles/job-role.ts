/** What every job's role may do: read its own executable and the listed secrets, log, and reach its subnet. */

import { ArnFormat, Stack, aws_iam as iam, type aws_glue as glue, type aws_s3_assets as assets } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { SecretSettings } from '../config/environment.ts';
import { type Right, allow } from '../rights.ts';

export interface JobRoleProps {
  readonly description: string;
  /** The launcher and the executable. */
  readonly artifacts: readonly assets.Asset[];
  readonly secrets: readonly SecretSettings[];
  readonly connections: readonly glue.CfnConnection[];
  /** What this job needs beyond every other. */
  readonly rights: readonly Right[];
}

export class JobRole extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: JobRoleProps) {
    super(scope, id);
    const { account, partition, region } = Stack.of(this);
    this.role = new iam.Role(this, 'Role', {
      description: props.description,
      // AWS Glue Developer Guide, "Cross-service confused deputy prevention".
      assumedBy: new iam.ServicePrincipal('glue.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:glue:${region}:${account}:*` },
        },
      }),
    });
    allow(this.role, [
      readArtifacts(props.artifacts),
      ...readSecrets(props.secrets),
      this.#log(),
      ...this.#reachSubnet(props.connections),
      ...props.rights,
    ]);
  }

  /** Glue writes to groups that all jobs of an account share, and encrypts them (AWS Glue Developer Guide, "Encryption at rest"). */
  #log(): Right {
    const { COLON_RESOURCE_NAME } = ArnFormat;
    const groups = { service: 'logs', resource: 'log-group', resourceName: '/aws-glue/*', arnFormat: COLON_RESOURCE_NAME };
    return {
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:AssociateKmsKey'],
      resources: [Stack.of(this).formatArn(groups)],
      wildcard: 'Glue names its log groups itself',
    };
  }

  /** Network interfaces of a run in the VPC (AWS Glue Developer Guide, "Create an IAM policy for the AWS Glue service"). */
  #reachSubnet(connections: readonly glue.CfnConnection[]): Right[] {
    const stack = Stack.of(this);
    const ofEc2 = (resource: string) => stack.formatArn({ service: 'ec2', resource, resourceName: '*' });
    const wildcard = 'network interfaces are made by Glue when a run starts, in the subnet and group of its connection';
    return [
      {
        actions: ['glue:GetConnection'],
        resources: [
          stack.formatArn({ service: 'glue', resource: 'catalog' }),
          ...connections.map(({ ref }) => stack.formatArn({ service: 'glue', resource: 'connection', resourceName: ref })),
        ],
      },
      {
        actions: [
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeRouteTables',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcAttribute',
          'ec2:DescribeVpcEndpoints',
        ],
        resources: ['*'],
        wildcard: "these actions know no resources: EC2's descriptions, and redshift:DescribeClusters",
      },
      {
        actions: ['ec2:CreateNetworkInterface'],
        resources: ['network-interface', 'subnet', 'security-group'].map(ofEc2),
        wildcard,
      },
      {
        actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
        resources: [ofEc2('network-interface')],
        conditions: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['aws-glue-service-resource'] } },
      },
      // Not bounded by that tag: whether an interface has it by then is documented nowhere, and one that stays blocks its subnet.
      { actions: ['ec2:DeleteNetworkInterface'], resources: [ofEc2('network-interface')] },
    ];
  }
}

function readArtifacts(artifacts: readonly assets.Asset[]): Right {
  return {
    actions: ['s3:GetObject'],
    resources: artifacts.map((asset) => asset.bucket.arnForObjects(asset.s3ObjectKey)),
  };
}

/** The listed secrets and nothing else; their keys through Secrets Manager alone. */
function readSecrets(secrets: readonly SecretSettings[]): Right[] {
  const regions = new Set(secrets.map(({ arn }) => arn.split(':')[3]));
  return [
    { actions: ['secretsmanager:GetSecretValue'], resources: secrets.map(({ arn }) => arn) },
    {
      actions: ['kms:Decrypt'],
      resources: secrets.flatMap(({ kmsKeyArn }) => kmsKeyArn ?? []),
      conditions: { StringEquals: { 'kms:ViaService': [...regions].map((region) => `secretsmanager.${region}.amazonaws.com`) } },
    },
  ];
}
