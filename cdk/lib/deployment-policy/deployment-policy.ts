/**
 * The least that deploying an environment needs, made from its template.
 *
 * `cdk deploy` has two parties: CloudFormation, which works under the execution role of the bootstrap, and who calls it. The first gets
 * what the template's resources take (`execution`); the second may instead of the bootstrap's deploy role, which reaches
 * every stack of the account, have rights of its own to this one stack (`deploying`).
 */

import { type Grant, type PolicyDocument, documents, of, statements } from './grant.ts';
import { type Place, type Resource, arn } from './place.ts';
import { rightsFor } from './resource-types.ts';

/** The part of a synthesized template that is read. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Type: string; readonly Default?: unknown }>>;
}

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface DeploymentPolicy {
  /** For `cdk bootstrap --cloudformation-execution-policies`: as many as IAM's limit on one makes necessary. */
  readonly execution: readonly PolicyDocument[];
  /** For who runs `cdk deploy` and `cdk destroy` without the bootstrap's deploy role. */
  readonly deploying: PolicyDocument;
}

/** What begins the names of the bootstrap's resources (AWS CDK Developer Guide, "Customize CDK bootstrapping", qualifier). */
const BOOTSTRAP = 'cdk-hnb659fds';

export function deploymentPolicy(template: Template, at: Place): DeploymentPolicy {
  const resources = Object.entries(template.Resources).map(([id, it]) => toResource(id, it));
  const parameters = readParameters(template, at);
  const [deploying, ...more] = documents(statements([...callCloudFormation(at), ...parameters]));
  if (deploying === undefined || more.length > 0) {
    throw new Error('what deploying needs does not fit one policy');
  }
  return {
    execution: documents(statements([...resources.flatMap((it) => rightsFor(it, at)), ...parameters])),
    deploying,
  };
}

function toResource(id: string, it: TemplateResource): Resource {
  const isKept = it.DeletionPolicy === 'Retain' && it.UpdateReplacePolicy === 'Retain';
  return { id, type: it.Type, properties: it.Properties ?? {}, isKept };
}

/** Parameters whose values are read from SSM when the stack is deployed. */
function readParameters(template: Template, at: Place): readonly Grant[] {
  const read = Object.values(template.Parameters ?? {}).filter(({ Type: type }) => type.startsWith('AWS::SSM::Parameter::Value'));
  return read.map(({ Default: name }) => ({
    actions: ['ssm:GetParameters'],
    resources: [arn(at, 'ssm', `parameter${String(name)}`)],
  }));
}

/** What the CDK command line does: it uploads assets, then makes and executes a change set (`bootstrap-template.yaml` of aws-cdk). */
function callCloudFormation(at: Place): readonly Grant[] {
  const assets = arn(at, 's3', `${BOOTSTRAP}-assets-${at.account}-${at.region}`, '', '');
  return [
    {
      actions: of(
        'cloudformation',
        'CreateChangeSet',
        'DescribeChangeSet',
        'ExecuteChangeSet',
        'DeleteChangeSet',
        'DescribeStacks',
        'DescribeStackEvents',
        'GetTemplate',
        'RollbackStack',
        'ContinueUpdateRollback',
        'DeleteStack',
      ),
      resources: [arn(at, 'cloudformation', `stack/${at.stack}/*`)],
    },
    // It looks whether the bootstrap is there, and which version.
    { actions: ['cloudformation:DescribeStacks'], resources: [arn(at, 'cloudformation', 'stack/CDKToolkit/*')] },
    { actions: ['ssm:GetParameter'], resources: [arn(at, 'ssm', `parameter/cdk-bootstrap/${BOOTSTRAP.slice(4)}/version`)] },
    { actions: of('s3', 'GetBucketLocation', 'GetEncryptionConfiguration', 'ListBucket'), resources: [assets] },
    { actions: of('s3', 'GetObject', 'PutObject', 'AbortMultipartUpload'), resources: [`${assets}/*`] },
    {
      actions: ['iam:PassRole'],
      resources: [arn(at, 'iam', `role/${BOOTSTRAP}-cfn-exec-role-${at.account}-${at.region}`, '')],
      conditions: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
    },
  ];
}
