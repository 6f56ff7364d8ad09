/** `Ec2` as Amazon EC2 answers it. */

import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  CreateVpcEndpointCommand,
  DeleteTagsCommand,
  DeleteVpcEndpointsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointServicesCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifyVpcEndpointCommand,
  type RouteTable,
  type Tag,
  type VpcEndpoint,
  paginateDescribeRouteTables,
  paginateDescribeVpcEndpoints,
} from '@aws-sdk/client-ec2';
import type { Change, Ec2, Endpoint, NewEndpoint, Offer, State, Subnet } from './ec2.ts';

/** Both spellings occur (EC2 API Reference, VpcEndpoint); what is not listed is gone. What `Partial` means is not said. */
const STATES: ReadonlyMap<string, State> = new Map([
  ['available', 'available'],
  ['partial', 'available'],
  ['pending', 'pending'],
  ['pendingacceptance', 'pending'],
  ['deleting', 'leaving'],
  ['failed', 'failed'],
  ['rejected', 'failed'],
  ['expired', 'failed'],
]);
const HTTPS = 443;
/** A call that hangs ends soon enough to answer CloudFormation: three attempts of this take less than is kept for it. */
const MILLISECONDS_TO_CONNECT = 3_000;
const MILLISECONDS_OF_A_CALL = 10_000;

export const amazonEc2Client = (): EC2Client =>
  new EC2Client({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: MILLISECONDS_TO_CONNECT,
      requestTimeout: MILLISECONDS_OF_A_CALL,
      throwOnRequestTimeout: true,
    },
  });

export class AmazonEc2 implements Ec2 {
  readonly #client: EC2Client;

  constructor(client: EC2Client) {
    this.#client = client;
  }

  async endpoints(vpc: string): Promise<readonly Endpoint[]> {
    const found: Endpoint[] = [];
    const pages = paginateDescribeVpcEndpoints({ client: this.#client }, { Filters: [{ Name: 'vpc-id', Values: [vpc] }] });
    for await (const page of pages) {
      found.push(...(page.VpcEndpoints ?? []).flatMap(toEndpoint));
    }
    return found;
  }

  async subnets(ids: readonly string[]): Promise<readonly Subnet[]> {
    const answer = await this.#client.send(new DescribeSubnetsCommand({ SubnetIds: [...ids] }));
    return (answer.Subnets ?? []).map(({ SubnetId, AvailabilityZone }) => ({ id: SubnetId ?? '', zone: AvailabilityZone ?? '' }));
  }

  async routeTables(vpc: string, subnets: readonly string[]): Promise<readonly string[]> {
    const tables: RouteTable[] = [];
    const pages = paginateDescribeRouteTables({ client: this.#client }, { Filters: [{ Name: 'vpc-id', Values: [vpc] }] });
    for await (const page of pages) {
      tables.push(...(page.RouteTables ?? []));
    }
    const main = tables.find((table) => table.Associations?.some((it) => it.Main));
    const ids = subnets.map((subnet) => {
      const own = tables.find((table) => table.Associations?.some((it) => it.SubnetId === subnet));
      const id = (own ?? main)?.RouteTableId;
      if (id === undefined) {
        throw new Error(`the subnet ${subnet} has no route table in ${vpc}: correct network.subnets`);
      }
      return id;
    });
    return [...new Set(ids)];
  }

  async offers(services: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
    // By a filter: of a service by its name, one that the Region does not have is an error for all of them.
    const answer = await this.#client.send(
      new DescribeVpcEndpointServicesCommand({
        Filters: [
          { Name: 'service-name', Values: [...services] },
          { Name: 'service-type', Values: ['Interface'] },
        ],
      }),
    );
    return new Map(
      (answer.ServiceDetails ?? []).map((it) => [
        it.ServiceName ?? '',
        { zones: it.AvailabilityZones ?? [], takesPolicy: it.VpcEndpointPolicySupported === true },
      ]),
    );
  }

  async admitVpc(securityGroup: string, vpc: string): Promise<void> {
    const vpcs = await this.#client.send(new DescribeVpcsCommand({ VpcIds: [vpc] }));
    const addresses = (vpcs.Vpcs ?? [])
      .flatMap(({ CidrBlockAssociationSet }) => CidrBlockAssociationSet ?? [])
      .filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
      .flatMap(({ CidrBlock }) => CidrBlock ?? []);
    const groups = await this.#client.send(new DescribeSecurityGroupsCommand({ GroupIds: [securityGroup] }));
    const admitted = (groups.SecurityGroups ?? [])
      .flatMap(({ IpPermissions }) => IpPermissions ?? [])
      .filter(({ FromPort, ToPort }) => FromPort === HTTPS && ToPort === HTTPS)
      .flatMap(({ IpRanges }) => IpRanges ?? [])
      .flatMap(({ CidrIp }) => CidrIp ?? []);
    const missing = addresses.filter((it) => !admitted.includes(it));
    if (missing.length > 0) {
      const IpRanges = missing.map((CidrIp) => ({ CidrIp, Description: 'the VPC: the endpoint answers for all of it' }));
      await this.#client.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: securityGroup,
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: HTTPS, ToPort: HTTPS, IpRanges }],
        }),
      );
    }
  }

  async create(endpoint: NewEndpoint): Promise<string> {
    const { placement } = endpoint;
    const answer = await this.#client.send(
      new CreateVpcEndpointCommand({
        VpcId: endpoint.vpc,
        ServiceName: endpoint.service,
        TagSpecifications: [{ ResourceType: 'vpc-endpoint', Tags: [...endpoint.tags].map(([Key, Value]) => ({ Key, Value })) }],
        ...('routeTables' in placement
          ? { VpcEndpointType: 'Gateway', RouteTableIds: [...placement.routeTables] }
          : {
              VpcEndpointType: 'Interface',
              SubnetIds: [...placement.subnets],
              SecurityGroupIds: [placement.securityGroup],
              PrivateDnsEnabled: true,
              PolicyDocument: placement.policy,
            }),
      }),
    );
    return answer.VpcEndpoint?.VpcEndpointId ?? '';
  }

  async change(id: string, change: Change): Promise<void> {
    await this.#client.send(
      new ModifyVpcEndpointCommand({
        VpcEndpointId: id,
        AddSecurityGroupIds: list(change.addSecurityGroup),
        RemoveSecurityGroupIds: list(change.removeSecurityGroup),
        AddRouteTableIds: change.addRouteTables && [...change.addRouteTables],
        RemoveRouteTableIds: change.removeRouteTables && [...change.removeRouteTables],
      }),
    );
  }

  async tag(id: string, key: string, value: string): Promise<void> {
    await this.#client.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: key, Value: value }] }));
  }

  async untag(id: string, key: string): Promise<void> {
    await this.#client.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: key }] }));
  }

  async delete(ids: readonly string[]): Promise<void> {
    const answer = await this.#client.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [...ids] }));
    // The call as a whole succeeds even where an endpoint is refused.
    const refused = (answer.Unsuccessful ?? []).filter(({ Error }) => Error?.Code !== 'InvalidVpcEndpointId.NotFound');
    if (refused.length > 0) {
      const reasons = refused.map(({ ResourceId, Error }) => `${ResourceId}: ${Error?.Message}`);
      throw new Error(`deleting endpoints: ${reasons.join('; ')}`);
    }
  }
}

function toEndpoint(endpoint: VpcEndpoint): Endpoint[] {
  const state = STATES.get((endpoint.State ?? '').toLowerCase());
  const kind = KINDS.get(endpoint.VpcEndpointType ?? '');
  if (state === undefined || kind === undefined) {
    return [];
  }
  const pair = ({ Key, Value }: Tag): [string, string] => [Key ?? '', Value ?? ''];
  return [
    {
      id: endpoint.VpcEndpointId ?? '',
      service: endpoint.ServiceName ?? '',
      kind,
      state,
      failure: endpoint.LastError?.Message ?? endpoint.FailureReason ?? '',
      isReached: kind === 'gateway' || endpoint.PrivateDnsEnabled === true,
      securityGroups: (endpoint.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
      routeTables: endpoint.RouteTableIds ?? [],
      tags: new Map((endpoint.Tags ?? []).map(pair)),
    },
  ];
}

const KINDS: ReadonlyMap<string, Endpoint['kind']> = new Map([
  ['Interface', 'interface'],
  ['Gateway', 'gateway'],
]);

const list = (id: string | undefined): string[] | undefined => (id === undefined ? undefined : [id]);
