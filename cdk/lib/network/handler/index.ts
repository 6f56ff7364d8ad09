/** The Lambda function behind the custom resource: reads CloudFormation's request, does it, and answers at its URL. */

import { setTimeout as sleep } from 'node:timers/promises';
import { AmazonEc2, amazonEc2Client } from './amazon-ec2.ts';
import type { Ec2 } from './ec2.ts';
import { type Wanted, provide, releaseAll } from './endpoints.ts';
import type { Clock } from './waiting.ts';

/** A request of CloudFormation (AWS CloudFormation User Guide, "Custom resource request objects"). */
export interface Request {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
}

/** What the stack asks for. */
export interface Properties {
  readonly AccountId: string;
  readonly VpcId: string;
  readonly SubnetIds: readonly string[];
  readonly SecurityGroupId: string;
  readonly EndpointsSecurityGroupId: string;
  /** As `network.endpoints`. */
  readonly Endpoints: 'join' | 'create';
  readonly InterfaceServices: readonly string[];
  readonly GatewayServices: readonly string[];
}

/** What CloudFormation is told ("Custom resource response objects"). */
export interface Response {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/** What Lambda tells the function of its run (AWS Lambda Developer Guide, "Using the Lambda context object"). */
export interface Context {
  getRemainingTimeInMillis(): number;
}

/** Enough for a call that is under way, repeated as often as the client does, and for the answer. */
const MILLISECONDS_FOR_THE_ANSWER = 60_000;

/** Does what is asked; never throws, for CloudFormation would wait an hour for its answer. */
export async function answer(ec2: Ec2, clock: Clock, request: Request): Promise<Response> {
  const wanted = toWanted(request);
  const response = {
    // In another VPC, or with another group, it is another resource: CloudFormation then deletes the old one after the new one works.
    PhysicalResourceId: `${wanted.vpc}:${wanted.user}`,
    StackId: request.StackId,
    RequestId: request.RequestId,
    LogicalResourceId: request.LogicalResourceId,
  };
  try {
    switch (request.RequestType) {
      case 'Create':
      case 'Update':
        await provide(ec2, clock, wanted);
        break;
      case 'Delete':
        await releaseAll(ec2, clock, wanted);
        break;
    }
    return { Status: 'SUCCESS', ...response };
  } catch (error) {
    return { Status: 'FAILED', Reason: `endpoints of ${wanted.vpc}: ${(error as Error).message}`, ...response };
  }
}

/** The entry point of the function. */
export async function handler(request: Request, context: Context): Promise<void> {
  const clock: Clock = {
    millisecondsLeft: () => context.getRemainingTimeInMillis() - MILLISECONDS_FOR_THE_ANSWER,
    sleep: (milliseconds) => sleep(milliseconds),
  };
  const response = await answer(new AmazonEc2(amazonEc2Client()), clock, request);
  console.log(JSON.stringify({ request: request.RequestType, status: response.Status, reason: response.Reason }));
  const sent = await fetch(request.ResponseURL, { method: 'PUT', body: JSON.stringify(response) });
  if (!sent.ok) {
    throw new Error(`CloudFormation did not take the answer: HTTP status ${sent.status}`);
  }
}

function toWanted(request: Request): Wanted {
  const properties = request.ResourceProperties;
  return {
    // The stack's own id, the last part of its ARN, which unlike its name is never used again; and the groups, so that where the
    // stack changes one, the use by the new one is not taken for that by the old one.
    user: [
      request.StackId.slice(request.StackId.lastIndexOf('/') + 1),
      properties.SecurityGroupId,
      properties.EndpointsSecurityGroupId,
    ].join(':'),
    account: properties.AccountId,
    vpc: properties.VpcId,
    subnets: properties.SubnetIds,
    jobsGroup: properties.SecurityGroupId,
    endpointsGroup: properties.EndpointsSecurityGroupId,
    mayCreate: properties.Endpoints === 'create',
    interfaces: properties.InterfaceServices,
    gateways: properties.GatewayServices,
  };
}
