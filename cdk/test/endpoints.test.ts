import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Memory } from './ec2-in-memory.ts';
import { type Request, answer as answerBefore } from '../lib/network/handler/index.ts';
import { useTag } from '../lib/network/handler/tags.ts';
import type { Clock } from '../lib/network/handler/waiting.ts';

const VPC = 'vpc-1';
/** What a stack of this name puts on what it uses, with this group of its jobs. */
const usedBy = (stack: string, group: string) => useTag(`${stack}:${group}:${group}-endpoints`);

/** A clock whose time passes with what sleeps; EC2 goes on meanwhile. */
class Time implements Clock {
  readonly #ec2: Memory;
  left: number;

  constructor(ec2: Memory, left = 600_000) {
    this.#ec2 = ec2;
    this.left = left;
  }

  millisecondsLeft(): number {
    return this.left;
  }

  sleep(milliseconds: number): Promise<void> {
    this.left -= milliseconds;
    this.#ec2.pass();
    return Promise.resolve();
  }
}

const answer = (ec2: Memory, request: Request, time = new Time(ec2)) => answerBefore(ec2, time, request);

function request(RequestType: Request['RequestType'], stack = 'one', group = 'sg-1', interfaces = ['kms', 'sts']): Request {
  return {
    RequestType,
    ResponseURL: 'http://localhost',
    StackId: `arn:aws:cloudformation:eu-central-1:123456789012:stack/name/${stack}`,
    RequestId: 'r',
    LogicalResourceId: 'l',
    ResourceProperties: {
      AccountId: '123456789012',
      VpcId: VPC,
      SubnetIds: ['subnet-1', 'subnet-2'],
      SecurityGroupId: group,
      EndpointsSecurityGroupId: `${group}-endpoints`,
      Endpoints: 'create',
      InterfaceServices: interfaces,
      GatewayServices: ['s3'],
    },
  };
}

/** The same, of a stack that may create nothing. */
const joining = (it: Request): Request => ({ ...it, ResourceProperties: { ...it.ResourceProperties, Endpoints: 'join' } });

const said = async (ec2: Memory, it: Request) => (await answer(ec2, it)).Status;

describe('the endpoints of a stack', () => {
  it('are created where none is there, and all go with the stack', async () => {
    const ec2 = new Memory();
    assert.equal(await said(ec2, request('Create')), 'SUCCESS');
    assert.deepEqual(ec2.picture(), [
      { service: 'kms', groups: ['sg-1-endpoints'], routes: [], created: true, users: 1 },
      { service: 'sts', groups: ['sg-1-endpoints'], routes: [], created: true, users: 1 },
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
    assert.deepEqual(ec2.picture()[0], { service: 'kms', groups: ['sg-2-endpoints'], routes: [], created: true, users: 1 });
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
    assert.deepEqual(ec2.picture()[0], { service: 'kms', groups: ['sg-9-endpoints'], routes: [], created: true, users: 1 });
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
      assert.ok(whole.changes >= 3);
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
    for (let at = 1; at <= 4; at += 1) {
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
    assert.equal(ec2.there.get(id)?.tags.get(usedBy('one', 'sg-1')), 'rtb-4');
  });

  it('keep a route that we added and another stack has come to use', async () => {
    const ec2 = new Memory();
    const id = ec2.add('s3', [], ['rtb-2'], [[usedBy('two', 'sg-2'), 'rtb-1']]);
    await answer(ec2, request('Create', 'one', 'sg-1'));
    await answer(ec2, request('Delete', 'one', 'sg-1'));
    assert.ok(ec2.there.get(id)?.routeTables.includes('rtb-1'));
  });

  it('that are created let in the whole VPC, which they answer for; one that was there before is not opened', async () => {
    const ec2 = new Memory();
    ec2.add('kms', ['sg-theirs']);
    await answer(ec2, request('Create'));
    assert.deepEqual([...ec2.openToVpc], ['sg-1-endpoints']);
    assert.deepEqual(
      ec2.picture().map((it) => (it as { groups: string[] }).groups),
      [['sg-theirs', 'sg-1'], ['sg-1-endpoints'], []],
    );
  });

  it('keep letting in the whole VPC when the stack that created them goes before one that only joins', async () => {
    const ec2 = new Memory();
    await answer(ec2, request('Create', 'one', 'sg-1'));
    await answer(ec2, joining(request('Create', 'two', 'sg-2')));
    await answer(ec2, request('Delete', 'one', 'sg-1'));
    assert.deepEqual(ec2.picture()[0], { service: 'kms', groups: ['sg-2-endpoints'], routes: [], created: true, users: 1 });
    assert.ok(ec2.openToVpc.has('sg-2-endpoints'));
  });

  it("keep the stack's group when only the jobs' own is replaced", async () => {
    const ec2 = new Memory();
    const same = (it: Request): Request => ({
      ...it,
      ResourceProperties: { ...it.ResourceProperties, EndpointsSecurityGroupId: 'sg-same' },
    });
    await answer(ec2, same(request('Create', 'one', 'sg-1')));
    await answer(ec2, same(request('Update', 'one', 'sg-9')));
    await answer(ec2, same(request('Delete', 'one', 'sg-1')));
    assert.deepEqual(ec2.picture()[0], { service: 'kms', groups: ['sg-same'], routes: [], created: true, users: 1 });
  });

  it('that are created let through the principals of the account, where the service takes a policy; a gateway lets through all', async () => {
    const ec2 = new Memory();
    ec2.offered.set('sts', { zones: ['a'], takesPolicy: false });
    await answer(ec2, request('Create'));
    const policies = new Map([...ec2.there.values()].map(({ id, service }) => [service, ec2.policies.get(id)]));
    assert.deepEqual(JSON.parse(policies.get('kms') ?? '').Statement[0].Condition, {
      StringEquals: { 'aws:PrincipalAccount': '123456789012' },
    });
    assert.deepEqual([policies.get('sts'), policies.get('s3')], [undefined, undefined]);
  });

  it('stand in one subnet of each zone that offers the service', async () => {
    const ec2 = new Memory();
    ec2.zones = new Map([
      ['subnet-1', 'a'],
      ['subnet-2', 'b'],
    ]);
    ec2.offered.set('sts', { zones: ['b', 'c'], takesPolicy: true });
    await answer(ec2, request('Create'));
    assert.deepEqual(
      [...ec2.placed],
      [
        ['kms', ['subnet-1', 'subnet-2']],
        ['sts', ['subnet-2']],
      ],
    );
    const sameZone = new Memory();
    sameZone.zones = new Map([
      ['subnet-1', 'a'],
      ['subnet-2', 'a'],
    ]);
    await answer(sameZone, request('Create'));
    assert.equal(sameZone.placed.get('kms')?.length, 1);
  });

  it('of a service that no zone or no part of the Region offers are refused before anything is changed', async () => {
    const ec2 = new Memory();
    ec2.offered.set('sts', { zones: ['c'], takesPolicy: true });
    assert.match((await answer(ec2, request('Create'))).Reason ?? '', /sts is offered in c and in no zone of network\.subnets/);
    ec2.offered.delete('sts');
    assert.match((await answer(ec2, request('Create'))).Reason ?? '', /the Region does not offer sts/);
    assert.equal(ec2.changes, 0);
  });

  it('are never created by a stack that joins; it says all that is missing', async () => {
    const ec2 = new Memory();
    ec2.add('kms', ['sg-theirs']);
    ec2.add('sts', ['sg-theirs'], [], [], { isReached: false });
    const refused = await answer(ec2, joining(request('Create')));
    assert.match(
      refused.Reason ?? '',
      /network\.endpoints is join.* sts \(interface, with private DNS\), s3 \(gateway\): create them/,
    );
    assert.equal(ec2.changes, 0);
    ec2.add('sts', ['sg-theirs']);
    ec2.add('s3', [], []);
    assert.equal(await said(ec2, joining(request('Create'))), 'SUCCESS');
    assert.equal(ec2.picture().filter((it) => (it as { created: boolean }).created).length, 0);
  });

  it('of S3 are taken for its gateway only if they are one', async () => {
    const ec2 = new Memory();
    ec2.add('s3', ['sg-theirs']);
    await answer(ec2, request('Create', 'one', 'sg-1', []));
    assert.deepEqual(
      [...ec2.there.values()].map(({ kind, routeTables }) => [kind, routeTables.length]),
      [
        ['interface', 0],
        ['gateway', 2],
      ],
    );
  });

  it('are waited for until they work, and one that does not is told with its reason', async () => {
    const ec2 = new Memory();
    ec2.looksUntilDone = 3;
    assert.equal(await said(ec2, request('Create')), 'SUCCESS');
    assert.ok([...ec2.there.values()].every(({ state }) => state === 'available'));
    const failing = new Memory();
    failing.looksUntilDone = 1;
    failing.fails = 'no addresses left';
    assert.match(
      (await answer(failing, request('Create'))).Reason ?? '',
      /vpce-1 of kms is failed and not available: no addresses left/,
    );
    // The rollback removes what failed.
    assert.equal(await said(failing, request('Delete')), 'SUCCESS');
    assert.equal(failing.there.size, 0);
  });

  it('that failed are made again by the next attempt', async () => {
    const ec2 = new Memory();
    ec2.looksUntilDone = 1;
    ec2.fails = 'no addresses left';
    await answer(ec2, request('Create'));
    ec2.fails = '';
    assert.equal(await said(ec2, request('Create')), 'SUCCESS');
    assert.deepEqual(
      [...ec2.there.values()].map(({ service, state }) => [service, state]),
      [
        ['s3', 'available'],
        ['kms', 'available'],
        ['sts', 'available'],
      ],
    );
  });

  it('are deleted with one call and waited for together, in the time of one', async () => {
    const ec2 = new Memory();
    await answer(ec2, request('Create'));
    const [before, time] = [ec2.changes, new Time(ec2)];
    ec2.looksUntilDone = 24;
    assert.equal((await answer(ec2, request('Delete'), time)).Status, 'SUCCESS');
    assert.equal(ec2.changes, before + 1);
    assert.equal(time.left, 600_000 - 24 * 5_000);
  });

  it('that are not gone when the time is up are named in the answer, and the next attempt waits for them', async () => {
    const ec2 = new Memory();
    await answer(ec2, request('Create'));
    ec2.looksUntilDone = 30;
    const late = await answer(ec2, request('Delete'), new Time(ec2, 100_000));
    assert.match(late.Reason ?? '', /out of time: still being deleted: vpce-1, vpce-2, vpce-3; try again/);
    const [before, time] = [ec2.changes, new Time(ec2)];
    assert.equal((await answer(ec2, request('Delete'), time)).Status, 'SUCCESS');
    assert.ok(time.left < 600_000);
    assert.equal(ec2.changes, before);
    assert.equal(ec2.there.size, 0);
  });

  it('that are still going are waited for before new ones take their names', async () => {
    const ec2 = new Memory();
    await answer(ec2, request('Create'));
    ec2.looksUntilDone = 30;
    await answer(ec2, request('Delete'), new Time(ec2, 100_000));
    ec2.looksUntilDone = 0;
    assert.equal(await said(ec2, request('Create')), 'SUCCESS');
    assert.equal(ec2.there.size, 3);
  });
});
