/** The route tables of a gateway endpoint, of which several stacks may each need some. */

import type { Ec2, Endpoint } from './ec2.ts';
import { claims, claimsOfOthers, newTags, retag, tagOnce } from './tags.ts';

interface WantedGateway {
  readonly service: string;
  readonly vpc: string;
  readonly mark: string;
  readonly routeTables: readonly string[];
}

/**
 * Makes a gateway, or the one that is there, the way of these route tables. A new one has EC2's default policy: through S3 go
 * package repositories, image layers and answers of AWS's own services, whose principals are of other accounts, or none
 * (AWS PrivateLink Guide, "Gateway endpoints for Amazon S3", Considerations). Returns its id.
 */
export async function provideGateway(
  ec2: Ec2,
  endpoint: Endpoint | undefined,
  { service, vpc, mark, routeTables }: WantedGateway,
): Promise<string> {
  if (endpoint === undefined) {
    return ec2.create({ service, vpc, tags: newTags(mark, routeTables), placement: { routeTables } });
  }
  await route(ec2, endpoint, mark, routeTables);
  return endpoint.id;
}

/** Adds these route tables, and takes back those that we added for subnets which are no longer ours. */
async function route(ec2: Ec2, endpoint: Endpoint, mark: string, wanted: readonly string[]): Promise<void> {
  const claimed = claims(endpoint.tags, mark);
  const theirs = claimsOfOthers(endpoint.tags, mark);
  const missing = wanted.filter((table) => !endpoint.routeTables.includes(table));
  const unwanted = claimed.filter((table) => !wanted.includes(table));
  // What another stack added is claimed, too: it must stay when that stack goes before us.
  const ours = wanted.filter((table) => missing.includes(table) || claimed.includes(table) || theirs.has(table));
  // The tag holds what is being added before it is there, and what is being removed until it is gone.
  await tagOnce(ec2, endpoint, mark, [...ours, ...unwanted]);
  if (missing.length > 0) {
    await ec2.change(endpoint.id, { addRouteTables: missing });
  }
  if (unwanted.length > 0) {
    await remove(ec2, endpoint, mark, unwanted);
    await retag(ec2, endpoint, mark, ours);
  }
}

/** Takes back all routes that the user of this tag added. */
export async function withdraw(ec2: Ec2, endpoint: Endpoint, mark: string): Promise<void> {
  await remove(ec2, endpoint, mark, claims(endpoint.tags, mark));
}

/** Removes routes that we added, but those that another stack has come to use. */
async function remove(ec2: Ec2, endpoint: Endpoint, mark: string, tables: readonly string[]): Promise<void> {
  const theirs = claimsOfOthers(endpoint.tags, mark);
  const ours = tables.filter((table) => endpoint.routeTables.includes(table) && !theirs.has(table));
  if (ours.length > 0) {
    await ec2.change(endpoint.id, { removeRouteTables: ours });
  }
}
