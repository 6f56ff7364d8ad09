/** Values of the definition's expressions, by the version of JSONata that Step Functions has (Developer Guide, "Transforming data with JSONata"). */

import jsonata from 'jsonata';

/** What an expression sees of `$states`, and the variables that were assigned before. */
export interface Scope {
  readonly input?: unknown;
  readonly result?: unknown;
  readonly errorOutput?: unknown;
  readonly context?: unknown;
}

/** The value of a field, `{% … %}`. */
export async function evaluated(field: string, states: Scope, variables: Record<string, unknown> = {}): Promise<unknown> {
  const expression = jsonata(/^\{%(.*)%\}$/s.exec(field)?.[1] as string);
  // What Step Functions adds to the language.
  expression.registerFunction('parse', (text: string) => JSON.parse(text), '<s:x>');
  // A plain copy: JSONata's own arrays and objects have members besides.
  const value = await expression.evaluate(null, { ...variables, states });
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

/** The same of a text. */
export async function evaluatedText(field: string, states: Scope, variables: Record<string, unknown> = {}): Promise<string> {
  return String(await evaluated(field, states, variables));
}
