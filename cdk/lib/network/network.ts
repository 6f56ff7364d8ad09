/** Where the jobs run: their security group, Glue connections into the subnets, and endpoints for what they call. */

import {
  Fn,
  Stack,
  Validations,
  aws_ec2 as ec2,
  aws_glue as glue,
  type aws_kms as kms,
  type aws_logs as logs,
  aws_ssm as ssm,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { EgressSettings, NetworkSettings, PlaceInList, WarehouseSettings } from '../config/environment.ts';
import { ignoreCfnLint } from '../linters.ts';
import { Endpoints } from './endpoints.ts';
import { gatewayServices, interfaceServices } from './services.ts';

const HTTPS = ec2.Port.tcp(443);

interface ResolvedSubnet {
  readonly subnetId: string;
  readonly availabilityZone: string;
}

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
    const subnets = settings.subnets.map(({ subnetId, availabilityZone }) => ({
      availabilityZone,
      subnetId: typeof subnetId === 'string' ? this.#resolved(subnetId) : this.#item(subnetId),
    }));
    const vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId,
      availabilityZones: subnets.map(({ availabilityZone }) => availabilityZone),
    });
    const group = this.#securityGroup(vpc, props.warehouses);
    this.#leadToHttps(group, settings.egress);
    this.connections = subnets.map((subnet, at) => this.#connection(`Connection${at}`, subnet, group));
    // Then the VPC has a way of its own, and there is neither an endpoint nor a function that makes some.
    if (settings.endpoints === 'none') {
      return;
    }
    const endpointsGroup = this.#endpointsGroup(vpc);
    group.addEgressRule(endpointsGroup, HTTPS, 'endpoints that a migration environment created');
    const endpoints = new Endpoints(this, 'Endpoints', {
      choice: settings.endpoints,
      vpcId,
      subnetIds: subnets.map(({ subnetId }) => subnetId),
      securityGroup: group,
      endpointsGroup,
      interfaceServices: interfaceServices(props.warehouses),
      gatewayServices: gatewayServices(),
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

  /** An item of a parameter that holds a list. */
  #item({ parameter, at }: PlaceInList): string {
    const { STRING } = ssm.ParameterValueType;
    return Fn.select(at, ssm.StringListParameter.valueForTypedListParameter(this, parameter.slice('ssm:'.length), STRING));
  }

  #connection(id: string, { subnetId, availabilityZone }: ResolvedSubnet, group: ec2.ISecurityGroup): glue.CfnConnection {
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
      description: 'Jobs of Redshift Tenant Migration',
      allowAllOutbound: false,
    });
    group.addIngressRule(group, ec2.Port.allTcp(), 'Glue, and endpoints that were there before, from each other');
    group.addEgressRule(group, ec2.Port.allTcp(), 'Glue, and endpoints that were there before, to each other');
    const places = new Map(warehouses.map((it) => [`${it.reachedAt}:${it.port}`, it]));
    for (const [place, { reachedAt, port }] of places) {
      const isGroup = /^(sg-|ssm:)/.test(reachedAt);
      const groupId = this.#resolved(reachedAt);
      const theirs = isGroup ? ec2.SecurityGroup.fromSecurityGroupId(this, `Warehouse${place}`, groupId) : undefined;
      const peer = theirs ?? ec2.Peer.ipv4(reachedAt);
      group.addEgressRule(peer, ec2.Port.tcp(port), 'a warehouse');
      theirs?.addIngressRule(group, ec2.Port.tcp(port), 'jobs of Redshift Tenant Migration');
    }
    return group;
  }

  /** S3's gateway has public addresses, which a prefix list holds (AWS PrivateLink Guide, "Gateway endpoints for Amazon S3"). */
  #leadToHttps(group: ec2.SecurityGroup, egress: EgressSettings | undefined): void {
    if (egress === undefined) {
      group.addEgressRule(ec2.Peer.anyIpv4(), HTTPS, 'S3 has public addresses, and network.egress names no prefix list of them');
      return;
    }
    if (egress.s3PrefixList !== undefined) {
      group.addEgressRule(ec2.Peer.prefixList(this.#resolved(egress.s3PrefixList)), HTTPS, 'S3, through its gateway endpoint');
    }
    for (const cidr of egress.cidrs) {
      group.addEgressRule(ec2.Peer.ipv4(cidr), HTTPS, 'AWS, as network.egress says');
    }
  }

  /**
   * Everything in the VPC is led to an endpoint that is created there, by its private DNS, so the group lets all of the VPC in. Which
   * addresses these are is known when the stack is deployed: the endpoints' function adds them.
   */
  #endpointsGroup(vpc: ec2.IVpc): ec2.SecurityGroup {
    return new ec2.SecurityGroup(this, 'EndpointsGroup', {
      vpc,
      description: 'Endpoints that Redshift Tenant Migration created, open to the whole VPC',
      allowAllOutbound: false,
    });
  }
}
