/** `Ec2` as Amazon EC2 answers it. */

import {
  CreateTagsCommand,
  CreateVpcEndpointCommand,
  DeleteTagsCommand,
  DeleteVpcEndpointsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  ModifyVpcEndpointCommand,
  type RouteTable,
  type Tag,
  type VpcEndpoint,
  paginateDescribeRouteTables,
  paginateDescribeVpcEndpoints,
} from '@aws-sdk/client-ec2';
import type { Change, Ec2, Endpoint, NewEndpoint } from './endpoints.ts';

/** Those on their way out are not there any more; those that failed never were (EC2 API Reference, VpcEndpoint). */
const USABLE = new Set(['available', 'pending', 'pendingacceptance', 'pendingAcceptance']);
const GONE = new Set(['deleted', 'Deleted']);
const MILLISECONDS_BETWEEN_LOOKS = 5_000;

export class AmazonEc2 implements Ec2 {
  readonly #client: EC2Client;

  constructor(client: EC2Client) {
    this.#client = client;
  }

  async endpoints(vpc: string): Promise<readonly Endpoint[]> {
    const found: Endpoint[] = [];
    const pages = paginateDescribeVpcEndpoints({ client: this.#client }, { Filters: [{ Name: 'vpc-id', Values: [vpc] }] });
    for await (const page of pages) {
      found.push(...(page.VpcEndpoints ?? []).filter(isUsable).map(toEndpoint));
    }
    return found;
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

  async create(endpoint: NewEndpoint): Promise<void> {
    const { placement } = endpoint;
    await this.#client.send(
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
            }),
      }),
    );
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

  async delete(id: string): Promise<void> {
    const answer = await this.#client.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    // The call as a whole succeeds even where an endpoint is refused.
    const refused = answer.Unsuccessful?.[0]?.Error;
    if (refused !== undefined && refused.Code !== 'InvalidVpcEndpointId.NotFound') {
      throw new Error(`deleting the endpoint ${id}: ${refused.Message}`);
    }
    while (!(await this.#isGone(id))) {
      await new Promise((resolve) => setTimeout(resolve, MILLISECONDS_BETWEEN_LOOKS));
    }
  }

  async #isGone(id: string): Promise<boolean> {
    try {
      const answer = await this.#client.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }));
      return (answer.VpcEndpoints ?? []).every(({ State }) => GONE.has(State ?? ''));
    } catch (error) {
      if ((error as Error).name === 'InvalidVpcEndpointId.NotFound') {
        return true;
      }
      throw error;
    }
  }
}

/** Without private DNS the clients' usual host names do not lead to an interface endpoint. */
function isUsable(endpoint: VpcEndpoint): boolean {
  const isReached = endpoint.VpcEndpointType === 'Gateway' || endpoint.PrivateDnsEnabled === true;
  return USABLE.has(endpoint.State ?? '') && isReached;
}

function toEndpoint(endpoint: VpcEndpoint): Endpoint {
  const pair = ({ Key, Value }: Tag): [string, string] => [Key ?? '', Value ?? ''];
  return {
    id: endpoint.VpcEndpointId ?? '',
    service: endpoint.ServiceName ?? '',
    securityGroups: (endpoint.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    routeTables: endpoint.RouteTableIds ?? [],
    tags: new Map((endpoint.Tags ?? []).map(pair)),
  };
}

const list = (id: string | undefined): string[] | undefined => (id === undefined ? undefined : [id]);
