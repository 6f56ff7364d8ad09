/** The role that both warehouses assume for UNLOAD and COPY. */

import { aws_iam as iam } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DataBucket } from '../data-bucket.ts';
import { allow } from '../rights.ts';

export interface WarehouseRoleProps {
  readonly data: DataBucket;
  /** Roles that follow this one to the bucket. */
  readonly chain: readonly string[];
}

export class WarehouseRole extends Construct {
  readonly role: iam.Role;
  /** `--IAM_ROLE`. */
  readonly argument: string;

  constructor(scope: Construct, id: string, props: WarehouseRoleProps) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      description: 'Assumed by Redshift for UNLOAD and COPY of a tenant migration',
      // A cluster comes as the one, a Serverless workgroup as either (Redshift Management Guide, "Authorizing Amazon Redshift
      // to access AWS services", and "Granting permissions to Amazon Redshift Serverless").
      assumedBy: new iam.CompositePrincipal(
        new iam.ServicePrincipal('redshift.amazonaws.com'),
        new iam.ServicePrincipal('redshift-serverless.amazonaws.com'),
      ),
    });
    this.argument = [this.role.roleArn, ...props.chain].join();
    const [next] = props.chain;
    if (next !== undefined) {
      // The last of the chain reaches the bucket (Redshift Management Guide, "Chaining IAM roles in Amazon Redshift").
      allow(this.role, [{ actions: ['sts:AssumeRole'], resources: [next] }]);
      return;
    }
    allow(this.role, [
      // r_UNLOAD, "Required privileges and permissions"; r_COPY-authorize, "IAM permissions for COPY, UNLOAD".
      props.data.objects(['unload/*'], ['GetObject', 'PutObject']),
      props.data.list(['unload/*']),
      { actions: ['s3:GetBucketLocation'], resources: [props.data.bucket.bucketArn] },
      props.data.encryption(['Decrypt', 'GenerateDataKey']),
    ]);
  }
}
