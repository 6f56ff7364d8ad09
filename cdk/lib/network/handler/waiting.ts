/** Waiting for EC2, which takes minutes to make or remove an endpoint, but no longer than CloudFormation can be answered. */

import type { Ec2, Endpoint } from './ec2.ts';

/** The time that is left, and a way to let some of it pass. */
export interface Clock {
  millisecondsLeft(): number;
  sleep(milliseconds: number): Promise<void>;
}

const MILLISECONDS_BETWEEN_LOOKS = 5_000;

/** Waits until none of these endpoints is there any more: only then are their interfaces, security groups and names free. */
export async function untilGone(ec2: Ec2, clock: Clock, vpc: string, ids: readonly string[]): Promise<void> {
  await until(ec2, clock, vpc, ids, 'still being deleted', (endpoint) => endpoint !== undefined);
}

/** Waits until all of these endpoints work. */
export async function untilAvailable(ec2: Ec2, clock: Clock, vpc: string, ids: readonly string[]): Promise<void> {
  await until(ec2, clock, vpc, ids, 'not available yet', (endpoint, id) => {
    if (endpoint?.state === 'failed' || endpoint?.state === 'leaving') {
      throw new Error(`the endpoint ${id} of ${endpoint.service} is ${endpoint.state} and not available: ${endpoint.failure}`);
    }
    // One that was just made may not be listed yet (EC2 Developer Guide, "Eventual consistency").
    return endpoint?.state !== 'available';
  });
}

/** Looks again and again, at all of them at once, until `isLeft` holds for none. */
async function until(
  ec2: Ec2,
  clock: Clock,
  vpc: string,
  ids: readonly string[],
  what: string,
  isLeft: (endpoint: Endpoint | undefined, id: string) => boolean,
): Promise<void> {
  let left = ids;
  while (left.length > 0) {
    const there = new Map((await ec2.endpoints(vpc)).map((endpoint) => [endpoint.id, endpoint]));
    left = left.filter((id) => isLeft(there.get(id), id));
    if (left.length > 0 && clock.millisecondsLeft() < MILLISECONDS_BETWEEN_LOOKS) {
      throw new Error(`out of time: ${what}: ${left.join(', ')}; try again in some minutes, which goes on from here`);
    }
    if (left.length > 0) {
      await clock.sleep(MILLISECONDS_BETWEEN_LOOKS);
    }
  }
}
