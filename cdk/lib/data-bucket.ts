/** Where unloaded rows and the ledger lie: a bucket of the stack's own, or one that is there and is only referred to. */

import { Duration, Validations, aws_kms as kms, aws_s3 as s3 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { BucketSettings } from './config/environment.ts';
import { STAYS } from './keys.ts';
import { skipCheckov } from './linters.ts';
import type { Right } from './rights.ts';

/** An upload in parts that nobody ended, and versions that were replaced or deleted, are of no use after so long. */
const DAYS_OF_ABANDONED_PARTS = 1;
const DAYS_OF_OLD_VERSIONS = 30;

/** Below these lie only what one attempt needs; the ledger stays. */
const PASSING_PREFIXES = ['unload/', 'temporary/'];

export interface DataBucketProps {
  readonly settings: BucketSettings;
}

export class DataBucket extends Construct {
  readonly bucket: s3.IBucket;
  /** Encrypts its objects; none where an imported bucket has no key of the customer's. */
  readonly key: kms.IKey | undefined;
  /** Begins every key that a job writes: empty, or ending in a slash. */
  readonly prefix: string;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const { settings } = props;
    switch (settings.kind) {
      case 'create': {
        this.key = new kms.Key(this, 'Key', {
          description: 'Redshift Tenant Migration: unloaded rows and the ledger',
          enableKeyRotation: true,
          removalPolicy: STAYS,
        });
        this.bucket = create(this, this.key, settings.unloadDays);
        this.prefix = '';
        break;
      }
      case 'import': {
        this.key = settings.kmsKeyArn === undefined ? undefined : kms.Key.fromKeyArn(this, 'Key', settings.kmsKeyArn);
        this.bucket = s3.Bucket.fromBucketName(this, 'Bucket', settings.bucketName);
        this.prefix = `${settings.prefix}/`;
        break;
      }
    }
  }

  /** The jobs' `--S3_BUCKET`. */
  get uri(): string {
    return `s3://${this.bucket.bucketName}${this.prefix === '' ? '' : `/${this.prefix.slice(0, -1)}`}`;
  }

  /** What a role may do with objects whose keys match, such as `runs/*`. */
  objects(patterns: readonly string[], actions: readonly string[]): Right {
    return {
      actions: actions.map((action) => `s3:${action}`),
      resources: patterns.map((pattern) => this.bucket.arnForObjects(`${this.prefix}${pattern}`)),
      wildcard: 'keys hold tenants, runs and tables, which are known only when a migration runs',
    };
  }

  /** Lists keys that match; without it S3 answers "access denied" for an object that is not there. */
  list(patterns: readonly string[]): Right {
    return {
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': patterns.map((pattern) => `${this.prefix}${pattern}`) } },
    };
  }

  /** Reads and writes encrypted objects, through S3 alone. */
  encryption(actions: readonly ('Decrypt' | 'GenerateDataKey')[]): Right {
    return {
      actions: actions.map((action) => `kms:${action}`),
      resources: this.key === undefined ? [] : [this.key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `s3.${this.bucket.env.region}.amazonaws.com` } },
    };
  }
}

function create(scope: Construct, encryptionKey: kms.IKey, unloadDays: number): s3.Bucket {
  const bucket = new s3.Bucket(scope, 'Bucket', {
    encryption: s3.BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: true,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    versioned: true,
    removalPolicy: STAYS,
    lifecycleRules: [
      ...PASSING_PREFIXES.map((prefix) => ({
        id: `${prefix} passes`,
        prefix,
        expiration: Duration.days(unloadDays),
        noncurrentVersionExpiration: Duration.days(1),
      })),
      {
        id: 'old versions and abandoned parts go',
        abortIncompleteMultipartUploadAfter: Duration.days(DAYS_OF_ABANDONED_PARTS),
        noncurrentVersionExpiration: Duration.days(DAYS_OF_OLD_VERSIONS),
        expiredObjectDeleteMarker: true,
      },
    ],
  });
  const reason =
    'a bucket for access logs would stay with this one; CloudTrail data events tell the same where an account keeps them';
  Validations.of(bucket).acknowledge({ id: 'AwsSolutions::AwsSolutions-S1', reason });
  skipCheckov(bucket, { CKV_AWS_18: reason });
  return bucket;
}
