/** What a value of a {@link FlatObject} is. */
export const JsonKind = { Text: 1, Number: 2, True: 3, False: 4, Null: 5, Nested: 6 } as const;
export type JsonKind = (typeof JsonKind)[keyof typeof JsonKind];

/** Keys of one object at the most: more than the largest request has. */
export const MAXIMUM_KEYS = 32;

const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Reads one JSON object (RFC 8259) whose values are scalars, as every request body is, into parallel arrays that are used
 * again for the next one. Unlike JSON.parse it keeps the text of numbers, so that no price passes through a
 * binary fraction, refuses keys given twice, and makes no object that a key such as `__proto__` could touch.
 * A nested object or array is checked and noted as {@link JsonKind.Nested}, its text as its value.
 */
export class FlatObject {
  count = 0;
  readonly keys: string[] = [];
  readonly kinds: JsonKind[] = [];
  /** Text without its quotes, or the number, literal or nested value as it was written. */
  readonly values: string[] = [];
  /** Why `parse` was false: for people. */
  problem = '';
  /** The key that was given twice, when that was the reason. */
  duplicate: string | undefined;

  #text = '';
  #at = 0;

  /** Takes in `text`; false when it is not one JSON object with distinct keys ({@link problem} says why). */
  parse(text: string): boolean {
    this.count = 0;
    this.problem = '';
    this.duplicate = undefined;
    this.#text = text;
    this.#at = 0;
    this.#skipSpace();
    if (text.charCodeAt(this.#at) !== 123) return this.#fail('an object');
    this.#at++;
    this.#skipSpace();
    if (text.charCodeAt(this.#at) === 125) this.#at++;
    else if (!this.#members()) return false;
    this.#skipSpace();
    return this.#at === text.length || this.#fail('the end of the text');
  }

  /** Place of `key`, or -1. */
  indexOf(key: string): number {
    for (let i = 0; i < this.count; i++) if (this.keys[i] === key) return i;
    return -1;
  }

  #members(): boolean {
    for (;;) {
      this.#skipSpace();
      const key = this.#string();
      if (key === undefined) return this.#fail('a key in double quotes');
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== 58) return this.#fail('":"');
      this.#at++;
      this.#skipSpace();
      if (!this.#checkKey(key) || !this.#value()) return false;
      this.keys[this.count++] = key;
      this.#skipSpace();
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 44 && code !== 125) return this.#fail('"," or "}"');
      this.#at++;
      if (code === 125) return true;
    }
  }

  #checkKey(key: string): boolean {
    if (this.indexOf(key) >= 0) {
      this.duplicate = key;
      this.problem = 'a key is given twice';
      return false;
    }
    return this.count < MAXIMUM_KEYS || this.#fail(`at most ${MAXIMUM_KEYS} keys`);
  }

  #value(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    if (code === QUOTE) {
      const value = this.#string();
      return value === undefined ? this.#fail('a complete text') : this.#store(JsonKind.Text, value);
    }
    if (code === 45 || (code >= 48 && code <= 57)) return this.#number();
    if (code === 116) return this.#literal('true', JsonKind.True);
    if (code === 102) return this.#literal('false', JsonKind.False);
    if (code === 110) return this.#literal('null', JsonKind.Null);
    if (code === 123 || code === 91) return this.#nested();
    return this.#fail('a value');
  }

  #store(kind: JsonKind, value: string): boolean {
    this.kinds[this.count] = kind;
    this.values[this.count] = value;
    return true;
  }

  #literal(word: string, kind: JsonKind): boolean {
    if (!this.#text.startsWith(word, this.#at)) return this.#fail('a value');
    this.#at += word.length;
    return this.#store(kind, word);
  }

  /** A text in quotes, escapes resolved; undefined when it is cut off or has a raw control character or a bad escape. */
  #string(): string | undefined {
    const text = this.#text;
    const start = this.#at;
    if (text.charCodeAt(start) !== QUOTE) return undefined;
    let escaped = false;
    for (let i = start + 1; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === QUOTE) {
        this.#at = i + 1;
        return escaped ? parsedString(text.slice(start, i + 1)) : text.slice(start + 1, i);
      }
      if (code < 32) return undefined;
      if (code === BACKSLASH) {
        escaped = true;
        i++;
      }
    }
    return undefined;
  }

  #number(): boolean {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    if (text.charCodeAt(at) === 45) at++;
    const whole = digitsFrom(text, at);
    const leadingZero = text.charCodeAt(at) === 48 && whole > at + 1;
    if (whole === at || leadingZero) return this.#fail('a number as JSON writes it');
    at = whole;
    if (text.charCodeAt(at) === 46) {
      const fraction = digitsFrom(text, at + 1);
      if (fraction === at + 1) return this.#fail('digits after the point');
      at = fraction;
    }
    const exponent = text.charCodeAt(at) | 32;
    if (exponent === 101) {
      const sign = text.charCodeAt(at + 1);
      const digits = sign === 43 || sign === 45 ? at + 2 : at + 1;
      const end = digitsFrom(text, digits);
      if (end === digits) return this.#fail('digits in the exponent');
      at = end;
    }
    this.#at = at;
    return this.#store(JsonKind.Number, text.slice(start, at));
  }

  /** Not on any path of a sound request, so JSON.parse may look at it a second time. */
  #nested(): boolean {
    const text = this.#text;
    const start = this.#at;
    let depth = 0;
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (code === QUOTE) {
        if (this.#string() === undefined) break;
        continue;
      }
      this.#at++;
      if (code === 123 || code === 91) depth++;
      else if ((code === 125 || code === 93) && --depth === 0) {
        const value = text.slice(start, this.#at);
        return isJson(value) ? this.#store(JsonKind.Nested, value) : this.#fail('a value');
      }
    }
    return this.#fail('a complete value');
  }

  #skipSpace(): void {
    const text = this.#text;
    let at = this.#at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
      at++;
    }
    this.#at = at;
  }

  #fail(expected: string): false {
    const found = this.#at < this.#text.length ? `"${this.#text.charAt(this.#at)}"` : 'the end';
    this.problem = `at character ${this.#at} stands ${found}, allowed: ${expected}`;
    return false;
  }
}

/** Index after the digits that start at `at`. */
function digitsFrom(text: string, at: number): number {
  let end = at;
  while (end < text.length) {
    const code = text.charCodeAt(end);
    if (code < 48 || code > 57) break;
    end++;
  }
  return end;
}

function parsedString(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
