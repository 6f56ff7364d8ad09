/**
 * Which endpoints a stack uses in a VPC: joins those that are there, creates what is missing if it may, and lets go of both again.
 *
 * Everything is decided by what EC2 says and by tags, nothing is remembered: each call may be repeated after a failure
 * half-way, and then ends as if it had gone through at once. Two stacks may share an endpoint: each marks its use with a
 * tag of its own, and the last one to let go deletes it, if one of them made it.
 *
 * An endpoint that a stack made answers for a whole VPC, whose other workloads did not ask for it: its security group lets all
 * of the VPC in. One that was there before gets the jobs' own group, which lets in nobody but them.
 */

import type { Ec2, Endpoint, InterfacePlacement } from './ec2.ts';
import { ofAccount, place } from './placement.ts';
import { provideGateway, withdraw } from './routes.ts';
import { CREATED_TAG, newTags, otherUses, tagOnce, useTag } from './tags.ts';
import { type Clock, untilAvailable, untilGone } from './waiting.ts';

/** What a stack wants. */
export interface Wanted {
  /** Names the stack, and its security groups, in tags. */
  readonly user: string;
  readonly account: string;
  readonly vpc: string;
  readonly subnets: readonly string[];
  /** The jobs' group, which lets itself in. */
  readonly jobsGroup: string;
  /** The group of endpoints that the stack creates. */
  readonly endpointsGroup: string;
  /** Whether it may create what is missing. */
  readonly mayCreate: boolean;
  /** Names of services that are reached by interface endpoints. */
  readonly interfaces: readonly string[];
  /** Names of services that are reached by gateway endpoints. */
  readonly gateways: readonly string[];
}

/** What it takes to let go. */
export type Used = Pick<Wanted, 'user' | 'vpc' | 'jobsGroup' | 'endpointsGroup'>;

/** Makes every service reachable, and lets go of what is wanted no longer. */
export async function provide(ec2: Ec2, clock: Clock, wanted: Wanted): Promise<void> {
  const { vpc } = wanted;
  const mark = useTag(wanted.user);
  await clear(ec2, clock, wanted);
  const there = await ec2.endpoints(vpc);
  const usable = there.filter(({ state, isReached }) => isReached && (state === 'available' || state === 'pending'));
  const of = (service: string, kind: Endpoint['kind']) =>
    choose(usable.filter((it) => it.service === service && it.kind === kind));
  const newInterfaces = wanted.interfaces.filter((service) => of(service, 'interface') === undefined);
  const newGateways = wanted.gateways.filter((service) => of(service, 'gateway') === undefined);
  refuseMissing(wanted, newInterfaces, newGateways);
  // All that can be refused is known before the first change.
  const placements = await placeAll(ec2, wanted, newInterfaces);
  await ec2.admitVpc(wanted.endpointsGroup, vpc);
  const used: string[] = [];
  for (const [service, placement] of placements) {
    used.push(await ec2.create({ service, vpc, tags: newTags(mark, []), placement }));
  }
  for (const endpoint of wanted.interfaces.flatMap((service) => of(service, 'interface') ?? [])) {
    // The tag first: should we fail between the two, the use is known and can be taken back.
    await tagOnce(ec2, endpoint, mark, []);
    await admit(ec2, endpoint, wanted);
    used.push(endpoint.id);
  }
  for (const service of wanted.gateways) {
    const routeTables = await ec2.routeTables(vpc, wanted.subnets);
    used.push(await provideGateway(ec2, of(service, 'gateway'), { service, vpc, mark, routeTables }));
  }
  const unwanted = there.filter(({ id, tags }) => tags.has(mark) && !used.includes(id));
  await release(ec2, clock, unwanted, wanted);
  await untilAvailable(ec2, clock, vpc, used);
}

/** Lets go of every endpoint that the stack uses. */
export async function releaseAll(ec2: Ec2, clock: Clock, used: Used): Promise<void> {
  const there = await ec2.endpoints(used.vpc);
  await release(
    ec2,
    clock,
    there.filter(({ tags }) => tags.has(useTag(used.user))),
    used,
  );
}

/** Removes what an earlier attempt left: an endpoint that failed, or is still going, keeps its service's name from a new one. */
async function clear(ec2: Ec2, clock: Clock, { user, vpc }: Wanted): Promise<void> {
  const ours = (await ec2.endpoints(vpc)).filter(({ tags }) => tags.has(CREATED_TAG) && tags.has(useTag(user)));
  const failed = ours.filter(({ state }) => state === 'failed').map(({ id }) => id);
  await deleteAll(ec2, failed);
  const leaving = ours.filter(({ state }) => state === 'leaving').map(({ id }) => id);
  await untilGone(ec2, clock, vpc, [...failed, ...leaving]);
}

function refuseMissing({ vpc, mayCreate }: Wanted, interfaces: readonly string[], gateways: readonly string[]): void {
  const missing = [
    ...interfaces.map((service) => `${service} (interface, with private DNS)`),
    ...gateways.map((service) => `${service} (gateway)`),
  ];
  if (!mayCreate && missing.length > 0) {
    throw new Error(
      `network.endpoints is join, and ${vpc} has no endpoint of ${missing.join(', ')}: create them, or set network.endpoints to create or none`,
    );
  }
}

async function placeAll(ec2: Ec2, wanted: Wanted, services: readonly string[]): Promise<Map<string, InterfacePlacement>> {
  if (services.length === 0) {
    return new Map();
  }
  const offers = await ec2.offers(services);
  const subnets = await ec2.subnets(wanted.subnets);
  const policy = ofAccount(wanted.account);
  const placement = (service: string): InterfacePlacement => ({
    subnets: place(service, offers.get(service), subnets),
    securityGroup: wanted.endpointsGroup,
    policy: offers.get(service)?.takesPolicy === true ? policy : undefined,
  });
  return new Map(services.map((service) => [service, placement(service)]));
}

/** Lets the jobs in. What a stack of ours made must let in the whole VPC, also when the stack that made it is gone. */
async function admit(ec2: Ec2, endpoint: Endpoint, { jobsGroup, endpointsGroup }: Wanted): Promise<void> {
  const group = endpoint.tags.has(CREATED_TAG) ? endpointsGroup : jobsGroup;
  if (!endpoint.securityGroups.includes(group)) {
    await ec2.change(endpoint.id, { addSecurityGroup: group });
  }
}

/** Lets go of these endpoints: leaves those that others use or made as they were, and deletes all others at once. */
async function release(ec2: Ec2, clock: Clock, endpoints: readonly Endpoint[], used: Used): Promise<void> {
  const mark = useTag(used.user);
  const isOursAlone = ({ tags }: Endpoint) => tags.has(CREATED_TAG) && otherUses(tags, mark).length === 0;
  for (const endpoint of endpoints.filter((it) => !isOursAlone(it))) {
    const others = otherUses(endpoint.tags, mark);
    const isOurs = (group: string) => !others.some((key) => key.includes(group));
    const groups = [used.jobsGroup, used.endpointsGroup].filter((it) => endpoint.securityGroups.includes(it) && isOurs(it));
    for (const group of groups) {
      await ec2.change(endpoint.id, { removeSecurityGroup: group });
    }
    await withdraw(ec2, endpoint, mark);
    // The tag last: until all is undone, a repeat must know the use.
    await ec2.untag(endpoint.id, mark);
  }
  const ours = endpoints.filter(isOursAlone);
  await deleteAll(
    ec2,
    ours.filter(({ state }) => state !== 'leaving').map(({ id }) => id),
  );
  await untilGone(
    ec2,
    clock,
    used.vpc,
    ours.map(({ id }) => id),
  );
}

async function deleteAll(ec2: Ec2, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) {
    await ec2.delete(ids);
  }
}

/** Of several, always the same one: that of the lowest id. */
function choose(endpoints: readonly Endpoint[]): Endpoint | undefined {
  return [...endpoints].sort((a, b) => (a.id < b.id ? -1 : 1))[0];
}
