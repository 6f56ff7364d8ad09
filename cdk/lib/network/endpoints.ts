/** The custom resource that makes AWS's services reachable from the subnets: joins endpoints that are there, and may create others. */

import { fileURLToPath } from 'node:url';
import {
  CustomResource,
  Duration,
  RemovalPolicy,
  Stack,
  Validations,
  type aws_ec2 as ec2,
  aws_iam as iam,
  type aws_kms as kms,
  aws_lambda as lambda,
  aws_lambda_nodejs as nodejs,
  aws_logs as logs,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ignoreCfnLint, skipCheckov } from '../linters.ts';
import { type Right, allow } from '../rights.ts';
import type { Properties } from './handler/index.ts';

/** The most that Lambda gives; the function answers before it, and goes on at the next request. */
const FUNCTION_TIMEOUT = Duration.minutes(15);
/** The most that CloudFormation waits: a function that died without an answer is started twice more (ServiceTimeout). */
const SERVICE_TIMEOUT = Duration.hours(1);

export interface EndpointsProps {
  readonly choice: 'join' | 'create';
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** That of the jobs. */
  readonly securityGroup: ec2.ISecurityGroup;
  /** That of endpoints which are created. */
  readonly endpointsGroup: ec2.ISecurityGroup;
  /** Names of services in endpoints. */
  readonly interfaceServices: readonly string[];
  readonly gatewayServices: readonly string[];
  readonly key: kms.IKey;
  readonly logRetention: logs.RetentionDays;
}

export class Endpoints extends Construct {
  constructor(scope: Construct, id: string, props: EndpointsProps) {
    super(scope, id);
    const handler = this.#handler(props);
    const properties: Properties = {
      AccountId: Stack.of(this).account,
      VpcId: props.vpcId,
      SubnetIds: props.subnetIds,
      SecurityGroupId: props.securityGroup.securityGroupId,
      EndpointsSecurityGroupId: props.endpointsGroup.securityGroupId,
      Endpoints: props.choice,
      InterfaceServices: props.interfaceServices,
      GatewayServices: props.gatewayServices,
    };
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::Endpoints',
      serviceToken: handler.functionArn,
      serviceTimeout: SERVICE_TIMEOUT,
      properties: { ...properties },
    });
    // On delete the function's rights must outlive the resource.
    resource.node.addDependency(handler);
    ignoreCfnLint(resource, 'W3005', 'the function brings its policy, which nothing else refers to');
  }

  #handler(props: EndpointsProps): lambda.Function {
    const logGroup = new logs.LogGroup(this, 'Log', {
      encryptionKey: props.key,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new iam.Role(this, 'Role', {
      description: 'Joins and creates the endpoints of a migration environment',
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    allow(role, this.#rights(props));
    skipCheckov(role.node.findChild('DefaultPolicy'), {
      CKV_AWS_111: 'it creates endpoints, whose ids are not known before; it deletes none but ours',
    });
    const handler = new nodejs.NodejsFunction(this, 'Function', {
      description: 'Joins and creates the endpoints of a migration environment',
      entry: fileURLToPath(new URL('handler/index.ts', import.meta.url)),
      depsLockFilePath: fileURLToPath(new URL('../../package-lock.json', import.meta.url)),
      // The client is that of package-lock.json, not whichever the runtime brings.
      bundling: { bundleAwsSDK: true, minify: true, target: 'node22' },
      runtime: lambda.Runtime.NODEJS_22_X,
      architecture: lambda.Architecture.ARM_64,
      timeout: FUNCTION_TIMEOUT,
      memorySize: 256,
      role,
      logGroup,
    });
    Validations.of(handler).acknowledge({
      id: 'AwsSolutions::AwsSolutions-L1',
      reason: 'the runtime is moved on with the bundle that is tested on it, not by the day',
    });
    ignoreCfnLint(handler, 'W3005', 'CDK names the role beside its policy');
    skipCheckov(handler, {
      CKV_AWS_115: 'CloudFormation calls it, one request after another',
      CKV_AWS_116: 'CloudFormation waits for its answer and reports a failure',
      CKV_AWS_117: "it makes the VPC's endpoints, so it cannot need them",
    });
    return handler;
  }

  /** What EC2's actions on endpoints can be bounded by (Service Authorization Reference, "Amazon EC2"). */
  #rights({ vpcId, choice, endpointsGroup }: EndpointsProps): Right[] {
    const stack = Stack.of(this);
    const arn = (resource: string, resourceName: string) => stack.formatArn({ service: 'ec2', resource, resourceName });
    const endpoints = arn('vpc-endpoint', '*');
    const places = [
      endpoints,
      arn('vpc', vpcId),
      ...['subnet', 'security-group', 'route-table'].map((resource) => arn(resource, '*')),
    ];
    const wildcard = 'endpoints get their ids when they are created; subnets, groups and route tables are those of the VPC';
    const create: Right[] = [
      { actions: ['ec2:CreateVpcEndpoint'], resources: places, wildcard },
      // Private DNS makes a hosted zone for the endpoint (AWS PrivateLink Guide, "Identity and access management").
      { actions: ['route53:AssociateVPCWithHostedZone'], resources: ['*'] },
      { actions: ['ec2:DescribeVpcEndpointServices', 'ec2:DescribeSubnets'], resources: ['*'] },
    ];
    return [
      {
        actions: ['ec2:DescribeVpcEndpoints', 'ec2:DescribeRouteTables', 'ec2:DescribeVpcs', 'ec2:DescribeSecurityGroups'],
        resources: ['*'],
        wildcard: "EC2's descriptions and the association of a hosted zone know no resources that are known before",
      },
      { actions: ['ec2:ModifyVpcEndpoint'], resources: places, wildcard },
      ...(choice === 'create' ? create : []),
      { actions: ['ec2:AuthorizeSecurityGroupIngress'], resources: [arn('security-group', endpointsGroup.securityGroupId)] },
      {
        actions: ['ec2:DeleteVpcEndpoints'],
        resources: [endpoints],
        conditions: { StringEquals: { 'aws:ResourceTag/redshift-tenant-migration:created': 'true' } },
      },
      {
        actions: ['ec2:CreateTags', 'ec2:DeleteTags'],
        resources: [endpoints],
        conditions: { 'ForAllValues:StringLike': { 'aws:TagKeys': 'redshift-tenant-migration:*' } },
      },
    ];
  }
}
