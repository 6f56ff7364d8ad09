import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CREATED_TAG, type Change, type Ec2, type Endpoint, type NewEndpoint, useTag } from '../lib/network/handler/endpoints.ts';
import { type Request, answer } from '../lib/network/handler/index.ts';

const VPC = 'vpc-1';

/** EC2 in memory, which can be told to fail at its n-th change. */
class Memory implements Ec2 {
  readonly there = new Map<string, Endpoint>();
  /** Those of the subnets that are asked about. */
  tables: readonly string[] = ['rtb-1', 'rtb-2'];
  failAt = Number.POSITIVE_INFINITY;
  changes = 0;
  #ids = 0;

  add(service: string, securityGroups: string[], routeTables: string[] = [], tags: [string, string][] = []): string {
    const id = `vpce-${++this.#ids}`;
    this.there.set(id, { id, service, securityGroups, routeTables, tags: new Map(tags) });
    return id;
  }

  endpoints(): Promise<readonly Endpoint[]> {
    return Promise.resolve([...this.there.values()]);
  }

  routeTables(): Promise<readonly string[]> {
    return Promise.resolve(this.tables);
  }

  async create({ service, tags, placement }: NewEndpoint): Promise<void> {
    this.#count();
    const groups = 'securityGroup' in placement ? [placement.securityGroup] : [];
    const routes = 'routeTables' in placement ? [...placement.routeTables] : [];
    this.add(service, groups, routes, [...tags]);
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

  async delete(id: string): Promise<void> {
    this.#count();
    this.there.delete(id);
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

function request(RequestType: Request['RequestType'], stack = 'one', group = 'sg-1', interfaces = ['kms', 'sts']): Request {
  return {
    RequestType,
    ResponseURL: 'http://localhost',
    StackId: `arn:aws:cloudformation:eu-central-1:123456789012:stack/name/${stack}`,
    RequestId: 'r',
    LogicalResourceId: 'l',
    ResourceProperties: {
      VpcId: VPC,
      SubnetIds: ['subnet-1'],
      SecurityGroupId: group,
      InterfaceServices: interfaces,
      GatewayServices: ['s3'],
    },
  };
}

const said = async (ec2: Ec2, it: Request) => (await answer(ec2, it)).Status;

describe('the endpoints of a stack', () => {
  it('are created where none is there, and all go with the stack', async () => {
    const ec2 = new Memory();
    assert.equal(await said(ec2, request('Create')), 'SUCCESS');
    assert.deepEqual(ec2.picture(), [
      { service: 'kms', groups: ['sg-1'], routes: [], created: true, users: 1 },
      { service: 'sts', groups: ['sg-1'], routes: [], created: true, users: 1 },
      { service: 's3', groups: [], routes: ['rtb-1', 'rtb-2'], created: true, users: 1 },
    ]);
    assert.equal(await said(ec2, request('Delete')), 'SUCCESS');
    assert.deepEqual(ec2.picture(), []);
  });

  it('are joined where they are there, and are afterwards as they were', async () => {
    const ec2 = new Memory();
    ec2.add('kms', ['sg-theirs']);
    ec2.add('s3', [], ['rtb-2', 'rtb-3']);
    const before = ec2.picture();
    await answer(ec2, request('Create'));
    assert.deepEqual(ec2.picture().slice(0, 2), [
      { service: 'kms', groups: ['sg-theirs', 'sg-1'], routes: [], created: false, users: 1 },
      { service: 's3', groups: [], routes: ['rtb-2', 'rtb-3', 'rtb-1'], created: false, users: 1 },
    ]);
    await answer(ec2, request('Delete'));
    assert.deepEqual(ec2.picture(), before);
  });

  it('stay as they are when they are asked for again', async () => {
    const ec2 = new Memory();
    ec2.add('kms', ['sg-theirs']);
    await answer(ec2, request('Create'));
    const [before, changes] = [ec2.picture(), ec2.changes];
    await answer(ec2, request('Update'));
    assert.deepEqual(ec2.picture(), before);
    assert.equal(ec2.changes, changes);
  });

  it('are let go of one by one when an update no longer wants them', async () => {
    const ec2 = new Memory();
    await answer(ec2, request('Create'));
    await answer(ec2, request('Update', 'one', 'sg-1', ['kms']));
    assert.deepEqual(
      ec2.picture().map((it) => (it as { service: string }).service),
      ['kms', 's3'],
    );
  });

  it('that another stack uses stay, whoever created them; the last user deletes them', async () => {
    const ec2 = new Memory();
    await answer(ec2, request('Create', 'one', 'sg-1'));
    await answer(ec2, request('Create', 'two', 'sg-2'));
    await answer(ec2, request('Delete', 'one', 'sg-1'));
    assert.deepEqual(ec2.picture()[0], { service: 'kms', groups: ['sg-2'], routes: [], created: true, users: 1 });
    assert.equal(ec2.there.size, 3);
    await answer(ec2, request('Delete', 'two', 'sg-2'));
    assert.equal(ec2.there.size, 0);
  });

  it('survive a change of the security group: the old one goes after the new one works', async () => {
    const ec2 = new Memory();
    const old = await answer(ec2, request('Create', 'one', 'sg-1'));
    const changed = await answer(ec2, request('Update', 'one', 'sg-9'));
    assert.notEqual(changed.PhysicalResourceId, old.PhysicalResourceId);
    await answer(ec2, request('Delete', 'one', 'sg-1'));
    assert.deepEqual(ec2.picture()[0], { service: 'kms', groups: ['sg-9'], routes: [], created: true, users: 1 });
  });

  it('end the same after a failure at any change and a repeat', async () => {
    const fresh = () => {
      const ec2 = new Memory();
      ec2.add('kms', ['sg-theirs']);
      ec2.add('s3', [], ['rtb-2']);
      return ec2;
    };
    for (const type of ['Create', 'Update', 'Delete'] as const) {
      const whole = fresh();
      const prepare = async (ec2: Memory) => {
        if (type !== 'Create') {
          await answer(ec2, request('Create', 'one', 'sg-1', ['ssm', 'sts']));
          ec2.tables = ['rtb-1', 'rtb-4'];
        }
        ec2.changes = 0;
      };
      await prepare(whole);
      await answer(whole, request(type));
      assert.ok(whole.changes >= 4);
      for (let at = 1; at <= whole.changes; at += 1) {
        const ec2 = fresh();
        await prepare(ec2);
        ec2.failAt = at;
        const failed = await answer(ec2, request(type));
        assert.equal(failed.Status, 'FAILED');
        assert.match(failed.Reason ?? '', /endpoints of vpc-1: RequestLimitExceeded/);
        assert.equal(await said(ec2, request(type)), 'SUCCESS');
        assert.deepEqual(ec2.picture(), whole.picture(), `${type}, failed at change ${at}`);
      }
    }
  });

  it('that a failed creation left are removed by the delete which follows it', async () => {
    for (let at = 1; at <= 3; at += 1) {
      const ec2 = new Memory();
      ec2.failAt = at;
      await answer(ec2, request('Create'));
      await answer(ec2, request('Delete'));
      assert.equal(ec2.there.size, 0, `failed at change ${at}`);
    }
  });

  it('keep a route that one stack added and another relies on, until that one goes, too', async () => {
    const ec2 = new Memory();
    const id = ec2.add('s3', [], ['rtb-2']);
    const routes = () => ec2.there.get(id)?.routeTables;
    await answer(ec2, request('Create', 'one', 'sg-1', []));
    await answer(ec2, request('Create', 'two', 'sg-2', []));
    await answer(ec2, request('Delete', 'one', 'sg-1', []));
    assert.deepEqual(routes(), ['rtb-2', 'rtb-1']);
    await answer(ec2, request('Delete', 'two', 'sg-2', []));
    assert.deepEqual(routes(), ['rtb-2']);
  });

  it('leave the routes of subnets that an update no longer names, but those that were there before or others rely on', async () => {
    const ec2 = new Memory();
    const id = ec2.add('s3', [], ['rtb-2']);
    ec2.tables = ['rtb-1', 'rtb-2', 'rtb-3'];
    await answer(ec2, request('Create', 'one', 'sg-1', []));
    ec2.tables = ['rtb-3'];
    await answer(ec2, request('Create', 'two', 'sg-2', []));
    ec2.tables = ['rtb-4'];
    await answer(ec2, request('Update', 'one', 'sg-1', []));
    assert.deepEqual(ec2.there.get(id)?.routeTables, ['rtb-2', 'rtb-3', 'rtb-4']);
    assert.equal(ec2.there.get(id)?.tags.get(useTag('one:sg-1')), 'rtb-4');
  });

  it('keep a route that we added and another stack has come to use', async () => {
    const ec2 = new Memory();
    const id = ec2.add('s3', [], ['rtb-2'], [[useTag('two:sg-2'), 'rtb-1']]);
    await answer(ec2, request('Create', 'one', 'sg-1'));
    await answer(ec2, request('Delete', 'one', 'sg-1'));
    assert.ok(ec2.there.get(id)?.routeTables.includes('rtb-1'));
  });
});
