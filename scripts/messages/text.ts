/** Names and line breaking for generated code, in the repository's own format so that the linter agrees. */

const LINE_WIDTH = 110;

/** `client_order_id` → `clientOrderId` */
export function camel(snake: string): string {
  return snake.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `clientOrderId` or `PartiallyFilled` → `CLIENT_ORDER_ID`, `PARTIALLY_FILLED` */
export function screaming(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}

/** `NewOrder` → `new-order` */
export function kebab(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
}

/** `price` → `setPrice` */
export function setterName(name: string): string {
  return `set${name[0].toUpperCase()}${name.slice(1)}`;
}

/** `before(a, b)after` on one line, or one argument a line where that is too long. */
export function list(before: string, items: readonly string[], after: string): string {
  const line = `${before}(${items.join(', ')})${after}`;
  if (line.length <= LINE_WIDTH) return line;
  return `${before}(\n${items.map((item) => `  ${item},\n`).join('')})${after}`;
}

/** `name(a, b);` inside a function body, or one argument a line where that is too long. */
export function call(name: string, items: readonly string[]): string {
  const line = `  ${name}(${items.join(', ')});\n`;
  if (line.length <= LINE_WIDTH + 1) return line;
  return `  ${name}(\n${items.map((item) => `    ${item},\n`).join('')}  );\n`;
}

/** `left = right;` inside a function body, broken after the sign where it is too long. */
export function assignment(left: string, right: string): string {
  const line = `  ${left} = ${right};`;
  return `${line.length <= LINE_WIDTH && !right.includes('\n') ? line : `  ${left} =\n    ${right};`}\n`;
}

/** `condition ? one : other` for the second line of an assignment in a function body, on three lines where it is too long. */
export function choice(condition: string, one: string, other: string): string {
  const line = `${condition} ? ${one} : ${other}`;
  return line.length + 5 <= LINE_WIDTH ? line : `${condition}\n      ? ${one}\n      : ${other}`;
}

/** The first line of every file that the script writes. */
export const HEADER = `// Generated from schemas/*.fbs by scripts/messages.ts (npm run messages); do not edit.\n`;
