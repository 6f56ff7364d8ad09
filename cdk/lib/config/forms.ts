/** The forms of the texts in an environment's file. */

import type { TextForm } from './fields.ts';

/** An id, or where it stands: a parameter of SSM that is read when the stack is deployed. */
const PARAMETER = 'ssm:/[A-Za-z0-9_./-]+';
const idOrParameter = (prefix: string, meaning: string): TextForm => ({
  pattern: new RegExp(`^(${prefix}-[0-9a-f]+|${PARAMETER})$`),
  meaning: `${meaning}, ${prefix}-… or ssm:/name/of/a/parameter`,
});

const arn = (service: string, rest: string, meaning: string): TextForm => ({
  pattern: new RegExp(`^arn:aws(-cn|-us-gov)?:${service}:${rest}$`),
  meaning,
});

const UUID = '[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}';

export const ACCOUNT: TextForm = { pattern: /^\d{12}$/, meaning: 'the id of the AWS account, 12 digits in quotes' };
export const REGION: TextForm = { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, meaning: 'an AWS Region such as eu-central-1' };
export const VPC = idOrParameter('vpc', 'the VPC from which both warehouses can be reached');
export const SUBNET = idOrParameter('subnet', 'a private subnet');
export const PREFIX_LIST = idOrParameter('pl', "the prefix list of S3's addresses in the Region");
const OCTET = String.raw`(25[0-5]|2[0-4]\d|1?\d?\d)`;
const ADDRESSES = String.raw`${OCTET}(\.${OCTET}){3}\/(3[0-2]|[12]?\d)`;
export const CIDR: TextForm = { pattern: new RegExp(`^${ADDRESSES}$`), meaning: 'addresses such as 10.0.0.0/16' };
export const SUBNET_LIST: TextForm = {
  pattern: new RegExp(`^${PARAMETER}$`),
  meaning: 'a parameter of the type StringList with ids of private subnets, ssm:/name/of/a/parameter',
};
export const AVAILABILITY_ZONE: TextForm = {
  pattern: /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
  meaning: "the subnet's Availability Zone such as eu-central-1a",
};
export const SECRET_ARN = arn(
  'secretsmanager',
  String.raw`[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}`,
  "a secret's whole ARN, with the six characters at its end",
);
export const KEY_ARN = arn('kms', String.raw`[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+`, 'the ARN of a KMS key (not of an alias)');
export const ROLE_ARN = arn('iam', String.raw`:\d{12}:role/[A-Za-z0-9+=,.@_/-]+`, 'the ARN of an IAM role');
export const POLICY_ARN = arn('iam', String.raw`:(\d{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+`, 'the ARN of an IAM policy');
/** IAM takes the least of all (IAM API Reference, "Tag"); `aws:` is AWS's own, and the app's tags decide what may be deleted. */
export const TAG_KEY: TextForm = {
  pattern: /^(?!aws:|redshift-tenant-migration:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu,
  meaning: 'the key of a tag: at most 128 letters, digits, spaces and _.:/=+-@, and none of aws: or redshift-tenant-migration:',
};
export const TAG_VALUE: TextForm = {
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u,
  meaning: 'at most 256 letters, digits, spaces and _.:/=+-@',
};
export const WAREHOUSE: TextForm = {
  pattern: /^[A-Za-z][A-Za-z0-9_-]*$/,
  meaning: 'the name of a warehouse in this file: letters, digits, hyphens and underscores, a letter first',
};
export const CLUSTER: TextForm = { pattern: /^[a-z][a-z0-9-]{0,62}$/, meaning: "the cluster's identifier" };
export const WORKGROUP_ARN = arn(
  'redshift-serverless',
  String.raw`[a-z0-9-]+:\d{12}:workgroup/[A-Za-z0-9-]+`,
  'the ARN of a workgroup, which ends in its id',
);
export const NAMESPACE_ARN = arn(
  'redshift-serverless',
  String.raw`[a-z0-9-]+:\d{12}:namespace/${UUID}`,
  "the ARN of the workgroup's namespace, which ends in its id",
);
/** Service Authorization Reference, "Resource types defined by Amazon Redshift"; API_Cluster. */
export const CLUSTER_NAMESPACE_ARN = arn(
  'redshift',
  String.raw`[a-z0-9-]+:\d{12}:namespace:${UUID}`,
  "the ARN of the cluster's namespace, which ends in its id: ClusterNamespaceArn of DescribeClusters",
);
export const REACHED_AT: TextForm = {
  pattern: new RegExp(`^(sg-[0-9a-f]+|${PARAMETER}|${ADDRESSES})$`),
  meaning:
    'its security group, sg-… or ssm:/name/of/a/parameter, which is opened for the jobs, or the addresses where it listens, as 10.0.0.0/24',
};
export const BUCKET: TextForm = { pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, meaning: 'the name of a bucket' };
export const PREFIX: TextForm = {
  pattern: /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/,
  meaning: 'what begins every key, without slashes at its ends',
};
export const EMAIL: TextForm = { pattern: /^[^@\s]+@[^@\s]+$/, meaning: 'an e-mail address that is told of ends and alarms' };
