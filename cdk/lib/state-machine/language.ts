/** The little of Amazon States Language that the definition is written in. Query language: JSONata, throughout. */

/** A state; its members are those of the language. */
export type State = { readonly Type: 'Choice' | 'Fail' | 'Map' | 'Pass' | 'Succeed' | 'Task' | 'Wait' } & Readonly<
  Record<string, unknown>
>;
export type States = Readonly<Record<string, State>>;

/** An expression instead of a value. */
export const jsonata = (expression: string): string => `{% ${expression} %}`;

/** A text as a literal of JSONata, which takes JSON's. */
export const literal = (value: unknown): string => JSON.stringify(value);

/** `Next` for each rule whose expression is true. */
export const when = (condition: string, next: string) => ({ Condition: jsonata(condition), Next: next });
