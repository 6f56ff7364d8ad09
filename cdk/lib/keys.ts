/** The stack's own KMS keys, one for each reader, all with rotation. What they encrypt outlives the stack, and so do they. */

import { Aws, RemovalPolicy, Stack, aws_iam as iam, aws_kms as kms } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** A first deployment that is rolled back leaves nothing: nothing has been encrypted by then. */
export const STAYS = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

export class Keys extends Construct {
  /** Encrypts the secrets of generated passwords. */
  readonly passwords: kms.Key;
  /** Encrypts logs, bookmarks and messages. Glue's log groups belong to the account: they stay when the stack goes. */
  readonly operations: kms.Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.passwords = new kms.Key(this, 'Passwords', {
      description: 'Redshift Tenant Migration: generated passwords of migrated users',
      enableKeyRotation: true,
      removalPolicy: STAYS,
    });
    this.operations = new kms.Key(this, 'Operations', {
      description: 'Redshift Tenant Migration: logs, bookmarks and messages',
      enableKeyRotation: true,
      removalPolicy: STAYS,
    });
    this.#allowLogs();
    this.#allowPublishers();
  }

  /** CloudWatch Logs encrypts with it what this account logs (CloudWatch Logs User Guide, "Encrypt log data"). */
  #allowLogs(): void {
    const { partition, region, account } = Stack.of(this);
    this.operations.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal(`logs.${region}.${Aws.URL_SUFFIX}`)],
        actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
        resources: ['*'],
        conditions: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` },
        },
      }),
    );
  }

  /** EventBridge and CloudWatch publish to the encrypted topic (Amazon SNS Developer Guide, "Key management"). */
  #allowPublishers(): void {
    this.operations.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: ['events', 'cloudwatch'].map((name) => new iam.ServicePrincipal(`${name}.amazonaws.com`)),
        actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }
}
