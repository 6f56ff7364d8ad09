/** What the parts of an environment's file must be to each other: names, namespaces and roles of its warehouses. */

import type { SecretSettings, WarehouseSettings } from './environment.ts';
import type { Problems } from './fields.ts';
import { mayBe, namespaceId } from './warehouses.ts';

/** Notes what contradicts. A text that was refused before is empty, and nothing more is said of it. */
export function crossCheck(
  secrets: readonly SecretSettings[],
  warehouses: readonly WarehouseSettings[],
  problems: Problems,
): void {
  const names = warehouses.map(({ name }) => name);
  noteRepeated(names, 'name', 'a name of its own', problems);
  noteRepeated(warehouses.map(namespaceId), 'namespaceArn', 'a namespace of its own', problems);
  const areRead = names.length > 0 && names.every((name) => name !== '');
  secrets.forEach(({ warehouse }, at) => {
    if (warehouse !== '' && areRead && !names.includes(warehouse)) {
      problems.push(
        `secrets[${at}].warehouse is not what it should be: the name of a warehouse in this file; one of ${[...new Set(names)].join(', ')}`,
      );
    }
  });
  for (const side of ['source', 'target'] as const) {
    if (warehouses.length > 0 && !warehouses.some((it) => mayBe(it, side))) {
      problems.push(`warehouses has none that may be a ${side}: give one the role ${side} or both`);
    }
  }
}

/** Each value may be there once; two warehouses of one would be taken for each other. */
function noteRepeated(values: readonly string[], key: string, meaning: string, problems: Problems): void {
  values.forEach((value, at) => {
    const first = values.indexOf(value);
    if (value !== '' && first !== at) {
      problems.push(`warehouses[${at}].${key} is not what it should be: ${meaning}; warehouses[${first}] has it already`);
    }
  });
}
