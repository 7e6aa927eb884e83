/** What secrets are replaced with, wherever a configuration is printed. */
export const REDACTED = '[redacted]';

const SECRET_NAME = /secret|passw|passphrase|token|credential|api_?key|private_?key/i;

/** A key or variable of this name holds a secret: its value is printed nowhere. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

function redactUrl(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username + url.password + url.search === '') return text;
  if (url.username + url.password !== '') url.username = url.password = 'redacted';
  if (url.search !== '') url.search = '?redacted';
  return url.href;
}

/** A deep copy for printing: values under secret names, and credentials and queries in URLs, are replaced. */
export function redact<T>(value: T): T {
  return redactValue(value) as T;
}

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactUrl(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isSecretName(key) ? REDACTED : redactValue(inner)]),
  );
}
