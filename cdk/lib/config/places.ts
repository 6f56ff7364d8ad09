/** Whether what an environment's file names is where the stack is: other accounts, Regions and partitions are out of its reach. */

import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Environment } from './environment.ts';
import { type Problems, shown } from './fields.ts';

/** Which parts of an ARN must be the stack's. */
interface Named {
  readonly key: string;
  readonly arn: string | undefined;
  /** A key may belong to another account that lets this one use it; a role has no Region. */
  readonly of: 'account and Region' | 'Region' | 'account';
}

/**
 * Notes what is elsewhere. There is no endpoint for a secret of another Region, a role cannot be associated across accounts, and
 * rights, endpoints and `kms:ViaService` are made for the stack's own place. What was refused before is empty.
 */
export function checkPlaces(environment: Environment, problems: Problems): void {
  const { account, region, network } = environment;
  const { partition } = RegionInfo.get(region);
  if (account === '' || region === '') {
    return;
  }
  if (partition === undefined) {
    problems.push(`region is not what it should be: a Region of a partition that the AWS CDK knows; it is ${shown(region)}`);
    return;
  }
  for (const { key, arn, of } of named(environment)) {
    const [, itsPartition, , itsRegion, itsAccount] = (arn ?? '').split(':');
    const isElsewhere =
      itsPartition !== partition ||
      (of.includes('Region') && itsRegion !== region) ||
      (of.includes('account') && itsAccount !== account);
    if (arn !== undefined && arn !== '' && isElsewhere) {
      problems.push(
        `${key} is not what it should be: of this environment's ${of}, ${account} and ${region}; it is ${shown(arn)}`,
      );
    }
  }
  network.subnets.forEach(({ availabilityZone }, at) => {
    if (availabilityZone !== '' && availabilityZone.slice(0, -1) !== region) {
      problems.push(
        `network.subnets[${at}].availabilityZone is not what it should be: a zone of ${region}; it is ${shown(availabilityZone)}`,
      );
    }
  });
}

function named({ permissionsBoundaryArn, secrets, warehouses, bucket }: Environment): readonly Named[] {
  // A policy of AWS's own has no account.
  const isManaged = permissionsBoundaryArn?.split(':')[4] === 'aws';
  return [
    ...(isManaged ? [] : [{ key: 'permissionsBoundaryArn', arn: permissionsBoundaryArn, of: 'account' } as const]),
    ...secrets.flatMap((it, at): Named[] => [
      { key: `secrets[${at}].arn`, arn: it.arn, of: 'account and Region' },
      { key: `secrets[${at}].kmsKeyArn`, arn: it.kmsKeyArn, of: 'Region' },
    ]),
    ...warehouses.flatMap((it, at): Named[] => [
      { key: `warehouses[${at}].namespaceArn`, arn: it.namespaceArn, of: 'account and Region' },
      ...(it.kind === 'provisioned'
        ? []
        : [
            { key: `warehouses[${at}].workgroupArn`, arn: it.workgroupArn, of: 'account and Region' } as const,
            ...it.associatedRoleArns.map(
              (arn, of) => ({ key: `warehouses[${at}].associatedRoleArns[${of}]`, arn, of: 'account' }) as const,
            ),
          ]),
    ]),
    ...(bucket.kind === 'import' ? [{ key: 'bucket.kmsKeyArn', arn: bucket.kmsKeyArn, of: 'Region' } as const] : []),
  ];
}
