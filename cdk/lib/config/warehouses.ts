/** What follows from the settings of a warehouse. */

import type { WarehouseSettings } from './environment.ts';

/** Whether tenants may leave a warehouse, or arrive in it. */
export function mayBe({ role }: WarehouseSettings, side: 'source' | 'target'): boolean {
  return role === side || role === 'both';
}

/** The id of its namespace, in lower case: what CURRENT_NAMESPACE answers there. */
export function namespaceId({ namespaceArn }: WarehouseSettings): string {
  return (namespaceArn.split(/[:/]/).at(-1) as string).toLowerCase();
}
