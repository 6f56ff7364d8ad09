/** In which subnets an interface endpoint may stand, and what it lets through. */

import type { Offer, Subnet } from './ec2.ts';

/**
 * One subnet of each zone in which the service is offered: EC2 takes no second one of a zone, and none where the service is not
 * (AWS PrivateLink Guide, "Access an AWS service using an interface VPC endpoint"). It is reached from all zones of the VPC.
 */
export function place(service: string, offer: Offer | undefined, subnets: readonly Subnet[]): readonly string[] {
  if (offer === undefined) {
    throw new Error(
      `the Region does not offer ${service}: set network.endpoints to none, and lead the jobs to it in another way`,
    );
  }
  const offered = subnets.filter(({ zone }) => offer.zones.includes(zone));
  if (offered.length === 0) {
    const zones = [...offer.zones].sort().join(', ');
    throw new Error(`${service} is offered in ${zones} and in no zone of network.subnets: add a subnet of one of them`);
  }
  return [...new Map(offered.map(({ zone, id }) => [zone, id])).values()];
}

/**
 * Lets principals of the account through, whichever resources they call, and nobody else: no one can carry data out with the
 * credentials of another account. A key that names an account takes no wildcards (AWS PrivateLink Guide, "Control access to VPC
 * endpoints using endpoint policies").
 */
export function ofAccount(account: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': account } },
      },
    ],
  });
}
