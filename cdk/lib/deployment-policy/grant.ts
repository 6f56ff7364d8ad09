/** Statements of a policy that allow something, and how many of them become few. */

export type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is allowed, to what, under which conditions. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

export interface Statement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** Of a managed policy, without white space (IAM User Guide, "IAM and AWS STS quotas"). */
export const MOST_CHARACTERS = 6_144;

/** The actions of one service. */
export const of = (service: string, ...actions: readonly string[]): string[] => actions.map((action) => `${service}:${action}`);

/** One statement for each set of resources and conditions, or of actions and conditions, always in the same order. */
export function statements(grants: readonly Grant[]): readonly Statement[] {
  const sameActions = merged(grants, (it) => it.actions);
  const sameResources = merged(sameActions, (it) => it.resources);
  return sameResources.map(({ actions, resources, conditions }) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...(conditions === undefined ? {} : { Condition: conditions }),
  }));
}

/** Makes one of those that agree in this and in their conditions. */
function merged(grants: readonly Grant[], same: (grant: Grant) => readonly string[]): readonly Grant[] {
  const groups = new Map<string, Grant>();
  for (const grant of grants) {
    const key = JSON.stringify([sorted(same(grant)), grant.conditions]);
    const group = groups.get(key);
    groups.set(key, {
      ...grant,
      actions: sorted([...(group?.actions ?? []), ...grant.actions]),
      resources: sorted([...(group?.resources ?? []), ...grant.resources]),
    });
  }
  return [...groups.values()];
}

const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

/** As few documents as hold the statements, in their order. */
export function documents(all: readonly Statement[]): readonly PolicyDocument[] {
  const made: PolicyDocument[] = [];
  for (const statement of all) {
    const last = made.at(-1);
    const longer = documentOf([...(last?.Statement ?? []), statement]);
    if (last !== undefined && size(longer) <= MOST_CHARACTERS) {
      made[made.length - 1] = longer;
    } else {
      made.push(documentOf([statement]));
    }
  }
  const tooLong = made.find((it) => size(it) > MOST_CHARACTERS);
  if (tooLong !== undefined) {
    throw new Error(`a statement alone is longer than a managed policy may be: ${JSON.stringify(tooLong).slice(0, 200)}…`);
  }
  return made;
}

const documentOf = (statements: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement: statements });

/** The characters that IAM counts. */
const size = (document: PolicyDocument): number => JSON.stringify(document).length;
