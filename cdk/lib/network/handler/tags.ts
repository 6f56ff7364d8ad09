/** The tags by which stacks know which endpoints they made and use. */

import type { Ec2, Endpoint } from './ec2.ts';

/** On every endpoint that a stack of ours created. */
export const CREATED_TAG = 'redshift-tenant-migration:created';
const USE_TAG = 'redshift-tenant-migration:use:';
/** A tag's value holds 256 characters, which are eleven route tables; subnets have fewer zones. Ids have no spaces. */
const SEPARATOR = ' ';

type Tags = Endpoint['tags'];

export const useTag = (user: string): string => `${USE_TAG}${user}`;

/** The tags of other stacks that use it. */
export function otherUses(tags: Tags, mark: string): readonly string[] {
  return [...tags.keys()].filter((key) => key.startsWith(USE_TAG) && key !== mark);
}

/** The route tables of a gateway that the user of this tag added, or relies on another user for. */
export function claims(tags: Tags, mark: string): readonly string[] {
  return (tags.get(mark) ?? '').split(SEPARATOR).filter((id) => id !== '');
}

export function claimsOfOthers(tags: Tags, mark: string): ReadonlySet<string> {
  return new Set(otherUses(tags, mark).flatMap((key) => claims(tags, key)));
}

export function newTags(mark: string, routeTables: readonly string[]): Tags {
  return new Map([
    [CREATED_TAG, 'true'],
    [mark, routeTables.join(SEPARATOR)],
  ]);
}

/** Marks an endpoint as used, with these claims; nothing is asked where it is marked so already. */
export async function tagOnce(ec2: Ec2, { id, tags }: Endpoint, mark: string, routeTables: readonly string[]): Promise<void> {
  const value = routeTables.join(SEPARATOR);
  if (tags.get(mark) !== value) {
    await ec2.tag(id, mark, value);
  }
}

export async function retag(ec2: Ec2, { id }: Endpoint, mark: string, routeTables: readonly string[]): Promise<void> {
  await ec2.tag(id, mark, routeTables.join(SEPARATOR));
}
