/** Something in foreign data that is not as it must be: where, and what it should be. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  /** As in `targets[3].write.file`; empty for the whole. */
  readonly path: string;

  constructor(path: string, expectation: string) {
    super(`${path === '' ? 'it' : path} ${expectation}`);
    this.path = path;
  }
}

/** A place in foreign data. Reading what is not there, or is something else, throws a `DecodeError`. */
export class Field {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path = '') {
    this.value = value;
    this.path = path;
  }

  fail(expectation: string): never {
    throw new DecodeError(this.path, expectation);
  }

  /** A field of an object; an absent one has the value undefined. */
  get(name: string): Field {
    const {value} = this;
    if (!isObject(value)) this.fail('is not an object');
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return new Field(Object.hasOwn(value, name) ? value[name] : undefined, path);
  }

  /** Names of the fields of an object that are none of these. */
  namesBesides(known: readonly string[]): readonly string[] {
    if (!isObject(this.value)) this.fail('is not an object');
    return Object.keys(this.value).filter((name) => !known.includes(name));
  }

  text(isRight: (text: string) => boolean = () => true, expectation = 'is not a text'): string {
    return typeof this.value === 'string' && isRight(this.value) ? this.value : this.fail(expectation);
  }

  /** One of these words. */
  word<Word extends string>(words: readonly Word[]): Word {
    return words.find((word) => word === this.value) ?? this.fail(`is none of ${words.join(', ')}`);
  }

  flag(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail('is neither true nor false');
  }

  number(): number {
    return typeof this.value === 'number' && Number.isFinite(this.value)
      ? this.value
      : this.fail('is not a number');
  }

  /** A whole number in a range, both ends included. */
  whole(least: number, most: number): number {
    const {value} = this;
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most
      ? value
      : this.fail(`is not a whole number from ${least} to ${most}`);
  }

  optional<Value>(read: (field: Field) => Value): Value | undefined {
    return this.value === undefined || this.value === null ? undefined : read(this);
  }

  list<Value>(read: (field: Field) => Value): readonly Value[] {
    if (!Array.isArray(this.value)) this.fail('is not a list');
    return this.value.map((item: unknown, index) => read(new Field(item, `${this.path}[${index}]`)));
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
