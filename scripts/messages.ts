/**
 * Writes every file that follows from schemas/*.fbs: the vocabulary, the hot views, the clean names of the
 * official classes, and (where flatc is installed) the official TypeScript and Python code.
 *
 *   node dist/scripts/messages.js            write
 *   node dist/scripts/messages.js --check    write nothing; exit 1 and name the files that are not current
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emitEnums } from './messages/enums.js';
import { FLATC_VERSION, flatcVersion, generatePython, generateTypeScript } from './messages/flatc.js';
import { layoutMessages } from './messages/layout.js';
import { emitOfficial } from './messages/official.js';
import { readSchema } from './messages/parse.js';
import { emitViews } from './messages/views.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const VIEWS = 'src/messages/views';
const PYTHON = 'examples/python/millrace_messages';

/** Repository path → text, and the folders in which nothing else may stand. */
interface Outputs {
  readonly files: Map<string, string>;
  readonly folders: string[];
}

function generate(withFlatc: boolean): Outputs {
  const schemas = join(ROOT, 'schemas');
  const schemaFile = join(schemas, 'millrace.fbs');
  const schema = readSchema(schemaFile);
  const messages = layoutMessages(schema);
  const files = new Map<string, string>();
  files.set('src/lib/enums.ts', emitEnums(schema));
  files.set('src/messages/official.ts', emitOfficial(schema));
  for (const [name, text] of emitViews(messages)) files.set(`${VIEWS}/${name}`, text);
  if (!withFlatc) return { files, folders: [VIEWS] };
  files.set('src/messages/generated/millrace.ts', generateTypeScript(schemaFile));
  for (const [name, text] of generatePython(schemas, messages)) files.set(`${PYTHON}/${name}`, text);
  return { files, folders: [VIEWS, 'src/messages/generated', PYTHON] };
}

/** Files that stand in a generated folder and would not be generated now. */
function leftovers({ files, folders }: Outputs): string[] {
  return folders
    .filter((folder) => existsSync(join(ROOT, folder)))
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => /\.(ts|py)$/.test(path) && !files.has(path));
}

function changed(files: Map<string, string>): string[] {
  return [...files].filter(([path, text]) => current(path) !== text).map(([path]) => path);
}

function current(path: string): string | undefined {
  const file = join(ROOT, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function main(): void {
  const version = flatcVersion();
  const withFlatc = version === FLATC_VERSION;
  if (!withFlatc) {
    console.error(
      `flatc ${FLATC_VERSION} needed, found ${version ?? 'none'}: flatc's own output is left as it is`,
    );
  }
  const outputs = generate(withFlatc);
  const stale = changed(outputs.files);
  const removed = leftovers(outputs);
  if (process.argv.includes('--check')) {
    for (const path of stale) console.error(`not current: ${path}`);
    for (const path of removed) console.error(`no longer generated: ${path}`);
    process.exitCode = stale.length + removed.length === 0 ? 0 : 1;
    return;
  }
  for (const path of stale) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), outputs.files.get(path) ?? '');
  }
  for (const path of removed) rmSync(join(ROOT, path));
  console.log(`${outputs.files.size} files, ${stale.length} written, ${removed.length} removed`);
}

main();
