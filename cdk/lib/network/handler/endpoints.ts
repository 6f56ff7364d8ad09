/**
 * Which endpoints a stack uses in a VPC: joins those that are there, creates what is missing, and lets go of both again.
 *
 * Everything is decided by what EC2 says and by tags, nothing is remembered: each call may be repeated after a failure
 * half-way, and then ends as if it had gone through at once. Two stacks may share an endpoint: each marks its use with a
 * tag of its own, and the last one to let go deletes it, if one of them made it.
 */

/** An endpoint, as far as it matters here. */
export interface Endpoint {
  readonly id: string;
  readonly service: string;
  readonly securityGroups: readonly string[];
  readonly routeTables: readonly string[];
  readonly tags: ReadonlyMap<string, string>;
}

/** What a new endpoint needs. */
export interface NewEndpoint {
  readonly service: string;
  readonly vpc: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly placement:
    { readonly subnets: readonly string[]; readonly securityGroup: string } | { readonly routeTables: readonly string[] };
}

/** A change of an endpoint's security groups or route tables. */
export interface Change {
  readonly addSecurityGroup?: string;
  readonly removeSecurityGroup?: string;
  readonly addRouteTables?: readonly string[];
  readonly removeRouteTables?: readonly string[];
}

/** What is asked of EC2. */
export interface Ec2 {
  /** Endpoints of a VPC that work or soon will: interface endpoints with private DNS, and gateways. */
  endpoints(vpc: string): Promise<readonly Endpoint[]>;
  /** The route tables of these subnets, the main one for those without their own. */
  routeTables(vpc: string, subnets: readonly string[]): Promise<readonly string[]>;
  create(endpoint: NewEndpoint): Promise<void>;
  change(id: string, change: Change): Promise<void>;
  tag(id: string, key: string, value: string): Promise<void>;
  untag(id: string, key: string): Promise<void>;
  /** Deletes an endpoint and waits until its network interfaces, and so our security group, are free. */
  delete(id: string): Promise<void>;
}

/** What a stack wants. */
export interface Wanted {
  /** Names the stack, and its security group, in tags. */
  readonly user: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly securityGroup: string;
  /** Names of services that are reached by interface endpoints. */
  readonly interfaces: readonly string[];
  /** Names of services that are reached by gateway endpoints. */
  readonly gateways: readonly string[];
}

/** On every endpoint that a stack of ours created. */
export const CREATED_TAG = 'redshift-tenant-migration:created';
const USE_TAG = 'redshift-tenant-migration:use:';
/** A tag's value holds 256 characters; ids have none of these. */
const SEPARATOR = ' ';

export const useTag = (user: string): string => `${USE_TAG}${user}`;

/** Makes every service reachable, and lets go of what is wanted no longer. */
export async function provide(ec2: Ec2, wanted: Wanted): Promise<void> {
  const { vpc, subnets, securityGroup, user } = wanted;
  const there = await ec2.endpoints(vpc);
  const of = (service: string) => choose(there.filter((endpoint) => endpoint.service === service));
  const mark = useTag(user);
  // An interface endpoint is reached from the whole VPC, so it stays in the subnets in which it was created.
  for (const service of wanted.interfaces) {
    const endpoint = of(service);
    if (endpoint === undefined) {
      await ec2.create({ service, vpc, tags: ourTags(mark, ''), placement: { subnets, securityGroup } });
      continue;
    }
    // The tag first: should we fail between the two, the use is known and can be taken back.
    await tagOnce(ec2, endpoint.tags.get(mark), endpoint.id, mark, []);
    if (!endpoint.securityGroups.includes(securityGroup)) {
      await ec2.change(endpoint.id, { addSecurityGroup: securityGroup });
    }
  }
  for (const service of wanted.gateways) {
    const routeTables = await ec2.routeTables(vpc, subnets);
    const endpoint = of(service);
    if (endpoint === undefined) {
      await ec2.create({ service, vpc, tags: ourTags(mark, routeTables.join(SEPARATOR)), placement: { routeTables } });
    } else {
      await route(ec2, endpoint, mark, routeTables);
    }
  }
  const services = new Set([...wanted.interfaces, ...wanted.gateways]);
  for (const endpoint of there.filter(({ tags, service }) => tags.has(mark) && !services.has(service))) {
    await release(ec2, endpoint, wanted);
  }
}

/** Makes a gateway the way of these route tables, and takes back those that we added for subnets which are no longer ours. */
async function route(ec2: Ec2, endpoint: Endpoint, mark: string, wanted: readonly string[]): Promise<void> {
  const claims = added(endpoint, mark);
  const theirs = claimsOfOthers(endpoint, mark);
  const missing = wanted.filter((table) => !endpoint.routeTables.includes(table));
  const unwanted = claims.filter((table) => !wanted.includes(table));
  // What another stack added is claimed, too: it must stay when that stack goes before us.
  const ours = wanted.filter((table) => missing.includes(table) || claims.includes(table) || theirs.has(table));
  // The tag holds what is being added before it is there, and what is being removed until it is gone.
  await tagOnce(ec2, endpoint.tags.get(mark), endpoint.id, mark, [...ours, ...unwanted]);
  if (missing.length > 0) {
    await ec2.change(endpoint.id, { addRouteTables: missing });
  }
  if (unwanted.length > 0) {
    await withdraw(ec2, endpoint, unwanted, theirs);
    await ec2.tag(endpoint.id, mark, ours.join(SEPARATOR));
  }
}

/** Removes routes that we added, but those that another stack has come to use. */
async function withdraw(ec2: Ec2, endpoint: Endpoint, tables: readonly string[], theirs: ReadonlySet<string>): Promise<void> {
  const ours = tables.filter((table) => endpoint.routeTables.includes(table) && !theirs.has(table));
  if (ours.length > 0) {
    await ec2.change(endpoint.id, { removeRouteTables: ours });
  }
}

/** Lets go of every endpoint that the stack uses. */
export async function releaseAll(ec2: Ec2, wanted: Pick<Wanted, 'user' | 'vpc' | 'securityGroup'>): Promise<void> {
  for (const endpoint of await ec2.endpoints(wanted.vpc)) {
    if (endpoint.tags.has(useTag(wanted.user))) {
      await release(ec2, endpoint, wanted);
    }
  }
}

async function release(
  ec2: Ec2,
  endpoint: Endpoint,
  { user, securityGroup }: Pick<Wanted, 'user' | 'securityGroup'>,
): Promise<void> {
  const mark = useTag(user);
  if (endpoint.tags.has(CREATED_TAG) && otherUses(endpoint, mark).length === 0) {
    await ec2.delete(endpoint.id);
    return;
  }
  if (endpoint.securityGroups.includes(securityGroup)) {
    await ec2.change(endpoint.id, { removeSecurityGroup: securityGroup });
  }
  await withdraw(ec2, endpoint, added(endpoint, mark), claimsOfOthers(endpoint, mark));
  // The tag last: until all is undone, a repeat must know the use.
  await ec2.untag(endpoint.id, mark);
}

/** Of several, always the same one: that of the lowest id. */
function choose(endpoints: readonly Endpoint[]): Endpoint | undefined {
  return [...endpoints].sort((a, b) => (a.id < b.id ? -1 : 1))[0];
}

/** The tags of other stacks that use it. */
function otherUses(endpoint: Endpoint, mark: string): readonly string[] {
  return [...endpoint.tags.keys()].filter((key) => key.startsWith(USE_TAG) && key !== mark);
}

function claimsOfOthers(endpoint: Endpoint, mark: string): ReadonlySet<string> {
  return new Set(otherUses(endpoint, mark).flatMap((key) => added(endpoint, key)));
}

/** The route tables of a gateway that the user of this tag added, or relies on another user for. */
function added(endpoint: Endpoint, mark: string): readonly string[] {
  return (endpoint.tags.get(mark) ?? '').split(SEPARATOR).filter((id) => id !== '');
}

function ourTags(mark: string, value: string): ReadonlyMap<string, string> {
  return new Map([
    [CREATED_TAG, 'true'],
    [mark, value],
  ]);
}

async function tagOnce(ec2: Ec2, now: string | undefined, id: string, mark: string, tables: readonly string[]): Promise<void> {
  const value = tables.join(SEPARATOR);
  if (now !== value) {
    await ec2.tag(id, mark, value);
  }
}
