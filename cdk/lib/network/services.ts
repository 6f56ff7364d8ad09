/** Which of AWS's services are called from the jobs' subnets: by the executables, the launcher and Glue itself. */

import { aws_ec2 as ec2 } from 'aws-cdk-lib';
import type { WarehouseSettings } from '../config/environment.ts';

/** By executables: the logins, and the runs of which the report tells. */
const BY_JOBS = ['secretsmanager', 'glue'];
/**
 * By Glue, for a job with a security configuration (AWS Glue Developer Guide, "Encrypting data written by AWS Glue", "Creating a
 * route to AWS KMS"), and for its log.
 */
const BY_GLUE = ['kms', 'logs'];
/** By executables, of a warehouse of this kind: temporary credentials, and the association of the role of UNLOAD and COPY. */
const BY_KIND = { provisioned: 'redshift', serverless: 'redshift-serverless' };

/** The names of the services in endpoints, which in some partitions begin otherwise than with `com.amazonaws`. */
export function interfaceServices(warehouses: readonly WarehouseSettings[]): readonly string[] {
  const kinds = [...new Set(warehouses.map(({ kind }) => BY_KIND[kind]))];
  return [...BY_JOBS, ...BY_GLUE, ...kinds].map((service) => new ec2.InterfaceVpcEndpointAwsService(service).name);
}

/** Those that have a gateway, which costs nothing. */
export const gatewayServices = (): readonly string[] => [ec2.GatewayVpcEndpointAwsService.S3.name];
