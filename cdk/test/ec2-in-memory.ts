/** EC2 in memory, for tests of the endpoints' function: it can be slow, and can be told to fail. */

import type { Change, Ec2, Endpoint, NewEndpoint, Offer, Subnet } from '../lib/network/handler/ec2.ts';
import { CREATED_TAG } from '../lib/network/handler/tags.ts';

export class Memory implements Ec2 {
  readonly there = new Map<string, Endpoint>();
  /** Route tables of the subnets that are asked about. */
  tables: readonly string[] = ['rtb-1', 'rtb-2'];
  /** The zone of each subnet; of those that are not here, `a`. */
  zones: ReadonlyMap<string, string> = new Map();
  readonly offered = new Map<string, Offer>(
    ['kms', 'sts', 'ssm'].map((service) => [service, { zones: ['a', 'b'], takesPolicy: true }]),
  );
  readonly openToVpc = new Set<string>();
  /** By service, the subnets in which it was created. */
  readonly placed = new Map<string, readonly string[]>();
  /** By id. */
  readonly policies = new Map<string, string>();
  /** Fails at the n-th change. */
  failAt = Number.POSITIVE_INFINITY;
  changes = 0;
  /** How often one looks before what was asked for is done. */
  looksUntilDone = 0;
  /** What new endpoints end with instead of working. */
  fails = '';
  readonly #waits = new Map<string, number>();
  #ids = 0;

  add(
    service: string,
    securityGroups: readonly string[],
    routeTables: readonly string[] = [],
    tags: readonly [string, string][] = [],
    more: Partial<Endpoint> = {},
  ): string {
    const id = `vpce-${++this.#ids}`;
    const kind = securityGroups.length > 0 ? 'interface' : 'gateway';
    const known = { id, service, kind, state: 'available', failure: '', isReached: true } as const;
    this.there.set(id, { ...known, securityGroups, routeTables, tags: new Map(tags), ...more });
    return id;
  }

  /** What was asked for comes nearer. */
  pass(): void {
    for (const [id, looks] of this.#waits) {
      this.#waits.set(id, looks - 1);
      if (looks <= 1) {
        this.#settle(id);
      }
    }
  }

  endpoints(): Promise<readonly Endpoint[]> {
    return Promise.resolve([...this.there.values()]);
  }

  subnets(ids: readonly string[]): Promise<readonly Subnet[]> {
    return Promise.resolve(ids.map((id) => ({ id, zone: this.zones.get(id) ?? 'a' })));
  }

  routeTables(): Promise<readonly string[]> {
    return Promise.resolve(this.tables);
  }

  offers(services: readonly string[]): Promise<ReadonlyMap<string, Offer>> {
    return Promise.resolve(new Map([...this.offered].filter(([service]) => services.includes(service))));
  }

  async admitVpc(securityGroup: string): Promise<void> {
    if (!this.openToVpc.has(securityGroup)) {
      this.#count();
      this.openToVpc.add(securityGroup);
    }
  }

  async create({ service, tags, placement }: NewEndpoint): Promise<string> {
    this.#count();
    const groups = 'securityGroup' in placement ? [placement.securityGroup] : [];
    const routes = 'routeTables' in placement ? [...placement.routeTables] : [];
    const isNamed = (it: Endpoint) => it.service === service && it.kind === 'interface' && it.isReached;
    if (groups.length > 0 && [...this.there.values()].some(isNamed)) {
      throw new Error('private-dns-enabled cannot be set because there is already a conflicting DNS domain');
    }
    const isSlow = groups.length > 0 && this.looksUntilDone > 0;
    const id = this.add(service, groups, routes, [...tags], isSlow ? { state: 'pending' } : {});
    if (isSlow) {
      this.#waits.set(id, this.looksUntilDone);
    }
    if ('subnets' in placement) {
      this.placed.set(service, placement.subnets);
      this.policies.set(id, placement.policy as string);
    }
    return id;
  }

  async change(id: string, change: Change): Promise<void> {
    this.#edit(id, (it) => ({
      ...it,
      securityGroups: edited(it.securityGroups, list(change.addSecurityGroup), list(change.removeSecurityGroup)),
      routeTables: edited(it.routeTables, change.addRouteTables, change.removeRouteTables),
    }));
  }

  async tag(id: string, key: string, value: string): Promise<void> {
    this.#edit(id, (it) => ({ ...it, tags: new Map([...it.tags, [key, value]]) }));
  }

  async untag(id: string, key: string): Promise<void> {
    this.#edit(id, (it) => ({ ...it, tags: new Map([...it.tags].filter(([other]) => other !== key)) }));
  }

  async delete(ids: readonly string[]): Promise<void> {
    this.#count();
    for (const id of ids) {
      this.there.set(id, { ...(this.there.get(id) as Endpoint), state: 'leaving' });
      this.#waits.set(id, this.looksUntilDone);
      if (this.looksUntilDone === 0) {
        this.#settle(id);
      }
    }
  }

  /** What is there, without what a test does not care for. */
  picture(): unknown[] {
    return [...this.there.values()].map(({ service, securityGroups, routeTables, tags }) => ({
      service,
      groups: securityGroups,
      routes: routeTables,
      created: tags.has(CREATED_TAG),
      users: [...tags.keys()].filter((key) => key !== CREATED_TAG).length,
    }));
  }

  #settle(id: string): void {
    const endpoint = this.there.get(id) as Endpoint;
    this.#waits.delete(id);
    if (endpoint.state === 'leaving') {
      this.there.delete(id);
    } else {
      this.there.set(id, { ...endpoint, state: this.fails === '' ? 'available' : 'failed', failure: this.fails });
    }
  }

  #edit(id: string, edit: (endpoint: Endpoint) => Endpoint): void {
    this.#count();
    this.there.set(id, edit(this.there.get(id) as Endpoint));
  }

  #count(): void {
    this.changes += 1;
    if (this.changes === this.failAt) {
      throw new Error('RequestLimitExceeded');
    }
  }
}

const list = (id: string | undefined): readonly string[] => (id === undefined ? [] : [id]);
const edited = (now: readonly string[], add: readonly string[] = [], remove: readonly string[] = []): string[] => [
  ...new Set([...now, ...add].filter((it) => !remove.includes(it))),
];
