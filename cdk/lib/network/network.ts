/** Where the jobs run: their security group, Glue connections into the subnets, and endpoints for what they call. */

import {
  Stack,
  Validations,
  aws_ec2 as ec2,
  aws_glue as glue,
  type aws_kms as kms,
  type aws_logs as logs,
  aws_ssm as ssm,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { NetworkSettings, SubnetSettings, WarehouseSettings } from '../config/environment.ts';
import { ignoreCfnLint } from '../linters.ts';
import { Endpoints } from './endpoints.ts';

export interface NetworkProps {
  readonly settings: NetworkSettings;
  readonly warehouses: readonly WarehouseSettings[];
  /** Encrypts the log of the endpoints' function. */
  readonly key: kms.IKey;
  readonly logRetention: logs.RetentionDays;
}

export class Network extends Construct {
  /** One for each subnet: Glue takes another where one has no address left. */
  readonly connections: readonly glue.CfnConnection[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { settings } = props;
    const vpcId = this.#resolved(settings.vpcId);
    const subnets = settings.subnets.map((subnet) => ({ ...subnet, subnetId: this.#resolved(subnet.subnetId) }));
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId,
      availabilityZones: subnets.map(({ availabilityZone }) => availabilityZone),
    });
    const group = this.#securityGroup(vpc, props.warehouses);
    this.connections = subnets.map((subnet, at) => this.#connection(`Connection${at}`, subnet, group));
    const endpoints = new Endpoints(this, 'Endpoints', {
      vpcId,
      subnetIds: subnets.map(({ subnetId }) => subnetId),
      securityGroupId: group.securityGroupId,
      key: props.key,
      logRetention: props.logRetention,
    });
    for (const connection of this.connections) {
      connection.node.addDependency(endpoints);
    }
  }

  /** An id as it stands, or that of a parameter when the stack is deployed. */
  #resolved(idOrParameter: string): string {
    return idOrParameter.startsWith('ssm:')
      ? ssm.StringParameter.valueForStringParameter(this, idOrParameter.slice('ssm:'.length))
      : idOrParameter;
  }

  #connection(id: string, { subnetId, availabilityZone }: SubnetSettings, group: ec2.ISecurityGroup): glue.CfnConnection {
    const connection = new glue.CfnConnection(this, id, {
      catalogId: Stack.of(this).account,
      connectionInput: {
        description: `Redshift Tenant Migration: into ${availabilityZone}`,
        connectionType: 'NETWORK',
        connectionProperties: {},
        physicalConnectionRequirements: { availabilityZone, subnetId, securityGroupIdList: [group.securityGroupId] },
      },
    });
    const reason = "the zone is the subnet's, from the environment's file";
    Validations.of(connection).acknowledge({ id: 'CloudFormation-Validate::W3010', reason });
    ignoreCfnLint(connection, 'W3010', reason);
    return connection;
  }

  /** Glue wants a group that lets itself in on every port (AWS Glue Developer Guide, "Setting up a VPC to connect"). */
  #securityGroup(vpc: ec2.IVpc, warehouses: readonly WarehouseSettings[]): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(this, 'Group', {
      vpc,
      description: 'Jobs of Redshift Tenant Migration, and the endpoints that they call',
      allowAllOutbound: false,
    });
    group.addIngressRule(group, ec2.Port.allTcp(), 'Glue, and the endpoints, from each other');
    group.addEgressRule(group, ec2.Port.allTcp(), 'Glue, and the endpoints, to each other');
    // S3's gateway has public addresses; what a role may do there is bounded by its policy, and the way by the subnets' routes.
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'S3, through its gateway endpoint');
    const places = new Map(warehouses.map((it) => [`${it.reachedAt}:${it.port}`, it]));
    for (const [place, { reachedAt, port }] of places) {
      const isGroup = reachedAt.startsWith('sg-');
      const theirs = isGroup ? ec2.SecurityGroup.fromSecurityGroupId(this, `Warehouse${place}`, reachedAt) : undefined;
      const peer = theirs ?? ec2.Peer.ipv4(reachedAt);
      group.addEgressRule(peer, ec2.Port.tcp(port), 'a warehouse');
      theirs?.addIngressRule(group, ec2.Port.tcp(port), 'jobs of Redshift Tenant Migration');
    }
    return group;
  }
}
