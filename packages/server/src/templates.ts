import { readFileSync } from 'node:fs';
import { dirname, resolve as resolvePath } from 'node:path';
import type { Liquid, LiquidError, Template } from 'liquidjs';
import { ServerError } from './errors.js';
import { isInside } from './paths.js';

/** Thrown when a template does not render; `file`, `line` and `column` point at the tag. */
export class TemplateError extends ServerError {
  override readonly name = 'TemplateError';
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(file: string, line: number, column: number, reason: string) {
    super(`${file}:${line}:${column}: ${reason}`, {
      code: 'SERVER_TEMPLATE',
      hint: 'Set the value under `variables` of the profile or the machine, or give the template a `default:`.',
    });
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

/** What every template can use beside the variables of its profile and machine. */
export interface TemplateContext {
  machine: {
    name: string;
    hostname: string;
    mac: string | undefined;
    address: string | undefined;
    uuid: string | undefined;
    profile: string | undefined;
  };
  server: { address: string; url: string | undefined };
  image: { name: string; url: string | undefined; release: string | undefined } | undefined;
  /** URL that reports the end of the install. */
  callHome: string | undefined;
  [variable: string]: unknown;
}

/** Loads the template language, which happens with the first template otherwise: ports need not wait for it. */
export const loadTemplates = () => import('liquidjs');

async function engineFor(folder: string): Promise<Liquid> {
  const { Liquid } = await loadTemplates();
  return new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    root: folder,
    relativeReference: false,
    dynamicPartials: true,
    fs: {
      readFileSync: (path: string) => readFileSync(path, 'utf8'),
      readFile: async (path: string) => readFileSync(path, 'utf8'),
      existsSync: (path: string) => isInside(folder, path),
      exists: async (path: string) => isInside(folder, path),
      contains: async (root: string, path: string) => isInside(root, path),
      containsSync: (root: string, path: string) => isInside(root, path),
      resolve: (root: string, path: string) => resolvePath(root, path),
      sep: '/',
      dirname,
    },
    renderLimit: 5000,
    memoryLimit: 64_000_000,
  });
}

interface ReadyTemplate {
  text: string;
  engine: Liquid;
  parsed: Template[];
}

/** Templates that were parsed, by file: many machines share one. */
const ready = new Map<string, ReadyTemplate>();
const MAX_READY = 1000;

async function readTemplate(file: string): Promise<ReadyTemplate> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ServerError(`Kickstart template ${file} does not exist`, {
      code: 'SERVER_FILE_MISSING',
      hint: 'Check `kickstart` of the profile.',
    });
  }
  const known = ready.get(file);
  if (known?.text === text) return known;
  const engine = known?.engine ?? (await engineFor(dirname(file)));
  const template = { text, engine, parsed: engine.parse(text) };
  if (ready.size >= MAX_READY) ready.clear();
  ready.set(file, template);
  return template;
}

/** Renders kickstart templates (LiquidJS). A variable or filter that does not exist is an error, never an empty text. */
export async function renderTemplate(file: string, context: TemplateContext): Promise<string> {
  try {
    const { engine, parsed } = await readTemplate(resolvePath(file));
    return engine.renderSync(parsed, context, { globals: context }) as string;
  } catch (error) {
    if (error instanceof ServerError) throw error;
    const { token, message } = error as LiquidError;
    const [line = 1, column = 1] = token?.getPosition?.() ?? [];
    throw new TemplateError(token?.file ?? file, line, column, message.replace(/, (?:file:.*, )?line:\d+, col:\d+$/, ''));
  }
}
