/**
 * Reads an object of an environment's file field by field, and notes everything that is wrong with it: what is missing, what
 * is of another form than it should be, and, at the end, what nobody asked for. Nothing has a default.
 */

/** What may be wrong with a whole file, one line each. */
export type Problems = string[];

/** What a text must be: a pattern for all of it, and the same in words. */
export interface TextForm {
  readonly pattern: RegExp;
  readonly meaning: string;
}

/** More of a value would hide what is said of it. */
const MOST_SHOWN = 120;

/** A value as the file has it. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

/** The fields of one object. */
export class Fields {
  readonly #values: Map<string, unknown>;
  readonly #path: string;
  readonly #problems: Problems;

  constructor(value: unknown, path: string, meaning: string, problems: Problems) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) {
      problems.push(`${path === '' ? 'the file' : path} must be an object: ${meaning}; it is ${shown(value)}`);
    }
    this.#values = new Map(isObject ? Object.entries(value) : []);
    this.#path = path;
    this.#problems = problems;
  }

  /** The value of a key, which then counts as known. */
  #take(key: string, meaning: string): unknown {
    if (!this.#values.has(key)) {
      this.#problems.push(`${this.#name(key)} is missing: ${meaning}`);
      return undefined;
    }
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  #name(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #wrong(key: string, value: unknown, meaning: string): void {
    this.#problems.push(`${this.#name(key)} is not what it should be: ${meaning}; it is ${shown(value)}`);
  }

  /** A text of this form. */
  text(key: string, form: TextForm): string {
    const value = this.#take(key, form.meaning);
    if (typeof value === 'string' && form.pattern.test(value)) {
      return value;
    }
    if (value !== undefined) {
      this.#wrong(key, value, form.meaning);
    }
    return '';
  }

  /** A text of this form, or null. */
  optionalText(key: string, form: TextForm): string | undefined {
    const meaning = `${form.meaning}, or null`;
    const value = this.#take(key, meaning);
    if (value === null || value === undefined) {
      return undefined;
    }
    if (typeof value === 'string' && form.pattern.test(value)) {
      return value;
    }
    this.#wrong(key, value, meaning);
    return undefined;
  }

  /** One of these words. */
  choice<Word extends string>(key: string, words: readonly [Word, ...Word[]], meaning: string): Word {
    const value = this.#take(key, `${meaning}; one of ${words.join(', ')}`);
    const word = words.find((it) => it === value);
    if (word === undefined && value !== undefined) {
      this.#wrong(key, value, `${meaning}; one of ${words.join(', ')}`);
    }
    return word ?? words[0];
  }

  /** A whole number within these limits. */
  integer(key: string, least: number, most: number, meaning: string): number {
    const whole = `${meaning}; a whole number from ${least} to ${most}`;
    const value = this.#take(key, whole);
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
      return value;
    }
    if (value !== undefined) {
      this.#wrong(key, value, whole);
    }
    return least;
  }

  /** One of these numbers. */
  oneOf(key: string, numbers: readonly [number, ...number[]], meaning: string): number {
    const known = `${meaning}, one of ${numbers.join(', ')}`;
    const value = this.#take(key, known);
    const number = numbers.find((it) => it === value);
    if (number === undefined && value !== undefined) {
      this.#wrong(key, value, known);
    }
    return number ?? numbers[0];
  }

  /** An object, read by `read`. */
  object<T>(key: string, meaning: string, read: (fields: Fields) => T): T {
    return this.#nested(this.#take(key, meaning), this.#name(key), meaning, read);
  }

  /** An object, read by `read`, or null. */
  optionalObject<T>(key: string, meaning: string, read: (fields: Fields) => T): T | undefined {
    const value = this.#take(key, `${meaning}, or null`);
    return value === null || value === undefined ? undefined : this.#nested(value, this.#name(key), `${meaning}, or null`, read);
  }

  /** A list of objects, at least one, each read by `read`. */
  objects<T>(key: string, meaning: string, read: (fields: Fields) => T): readonly T[] {
    const value = this.#take(key, meaning);
    if (!Array.isArray(value) || value.length === 0) {
      if (value !== undefined) {
        this.#wrong(key, value, `${meaning}; a list of objects, at least one`);
      }
      return [];
    }
    return value.map((item, at) => this.#nested(item, `${this.#name(key)}[${at}]`, meaning, read));
  }

  /** A list of objects, as `objects`, or one object that stands for the list, read by `readWhole`. */
  objectsOr<T>(
    key: string,
    meaning: string,
    read: (fields: Fields) => T,
    readWhole: (fields: Fields) => readonly T[],
  ): readonly T[] {
    const value = this.#values.get(key);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? this.object(key, meaning, readWhole)
      : this.objects(key, meaning, read);
  }

  /** A list of texts of this form, at least so many. */
  texts(key: string, form: TextForm, least = 0): readonly string[] {
    const meaning = `a list${least === 0 ? '' : ` of at least ${least}`}, each ${form.meaning}`;
    const value = this.#take(key, meaning);
    const isText = (item: unknown): item is string => typeof item === 'string' && form.pattern.test(item);
    if (Array.isArray(value) && value.length >= least && value.every(isText)) {
      return value;
    }
    if (value !== undefined) {
      this.#wrong(key, value, meaning);
    }
    return [];
  }

  /** An object whose keys are names of the reader's own, each with a text. */
  textsByName(key: string, meaning: string, name: TextForm, form: TextForm): ReadonlyMap<string, string> {
    const value = this.#take(key, meaning);
    const texts = new Map<string, string>();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      if (value !== undefined) {
        this.#wrong(key, value, `${meaning}; an object, perhaps empty`);
      }
      return texts;
    }
    for (const [its, text] of Object.entries(value)) {
      if (!name.pattern.test(its)) {
        this.#wrong(key, its, `${meaning}; ${name.meaning}`);
      } else if (typeof text !== 'string' || !form.pattern.test(text)) {
        this.#wrong(`${key}.${its}`, text, form.meaning);
      } else {
        texts.set(its, text);
      }
    }
    return texts;
  }

  /** Notes what was not asked for. */
  end(): void {
    for (const [key, value] of this.#values) {
      this.#problems.push(`${this.#name(key)} is unknown: remove it, or correct its name; it is ${shown(value)}`);
    }
  }

  #nested<T>(value: unknown, path: string, meaning: string, read: (fields: Fields) => T): T {
    // Of what is missing altogether nothing more needs to be said.
    const problems = value === undefined ? [] : this.#problems;
    const fields = new Fields(value, path, meaning, problems);
    const problemsBefore = problems.length;
    const result = read(fields);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      fields.end();
    } else {
      // The object itself is what is wrong, not each of its fields.
      problems.length = problemsBefore;
    }
    return result;
  }
}
