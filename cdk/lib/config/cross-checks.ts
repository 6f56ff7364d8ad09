/** What the parts of an environment's file must be to each other: subnets and ways out, names, namespaces and roles of warehouses. */

import type { NetworkSettings, SecretSettings, WarehouseSettings } from './environment.ts';
import { type Problems, shown } from './fields.ts';
import { mayBe, namespaceId } from './warehouses.ts';

/** Notes what contradicts. A text that was refused before is empty, and nothing more is said of it. */
export function crossCheck(
  secrets: readonly SecretSettings[],
  warehouses: readonly WarehouseSettings[],
  problems: Problems,
): void {
  const names = warehouses.map(({ name }) => name);
  const at = (key: string) => (index: number) => `warehouses[${index}]${key}`;
  noteRepeated(names, at('.name'), 'a name of its own', problems);
  noteRepeated(warehouses.map(namespaceId), at('.namespaceArn'), 'a namespace of its own', problems);
  const areRead = names.length > 0 && names.every((name) => name !== '');
  secrets.forEach(({ warehouse }, at) => {
    if (warehouse !== '' && areRead && !names.includes(warehouse)) {
      problems.push(
        `secrets[${at}].warehouse is not what it should be: the name of a warehouse in this file; one of ${[...new Set(names)].join(', ')}; it is ${shown(warehouse)}`,
      );
    }
  });
  for (const side of ['source', 'target'] as const) {
    if (warehouses.length > 0 && !warehouses.some((it) => mayBe(it, side))) {
      problems.push(`warehouses has none that may be a ${side}: give one the role ${side} or both`);
    }
  }
}

/** Notes a subnet or a zone that is there twice, and ways out that do not lead to what every job needs. */
export function checkNetwork({ subnets, endpoints, egress }: NetworkSettings, problems: Problems): void {
  const at = (key: string) => (index: number) => `network.subnets[${index}].${key}`;
  noteRepeated(
    subnets.map(({ subnetId: id }) => (typeof id === 'string' ? id : `${id.parameter}[${id.at}]`)),
    at('subnetId'),
    'a subnet of its own',
    problems,
  );
  noteRepeated(
    subnets.map(({ availabilityZone }) => availabilityZone),
    at('availabilityZone'),
    'a zone of its own',
    problems,
  );
  if (egress === undefined || egress.cidrs.length > 0) {
    return;
  }
  if (egress.s3PrefixList === undefined) {
    problems.push(
      'network.egress leads nowhere: name the prefix list of S3 as s3PrefixList, or addresses as cidrs, or make it null',
    );
  } else if (endpoints === 'none') {
    problems.push(
      "network.egress leads to S3 alone, and network.endpoints is none: add to cidrs the addresses at which AWS's other services are " +
        'reached, such as those of the central endpoints, or 0.0.0.0/0 for a NAT gateway',
    );
  }
}

/** Each value may be there once; two of one would be taken for each other. */
function noteRepeated(values: readonly string[], keyAt: (index: number) => string, meaning: string, problems: Problems): void {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (value !== '' && first !== index) {
      problems.push(
        `${keyAt(index)} is not what it should be: ${meaning}; ${keyAt(first).replace(/\.[^.]*$/, '')} has it already; it is ${shown(value)}`,
      );
    }
  });
}
