import { evaluateCore } from './evaluate/core.js';
import type { Reading } from './evaluate/include.js';
import { evaluateMenu } from './evaluate/menu.js';
import { toByteString } from './evaluate/text.js';
import { evaluateUboot } from './evaluate/uboot.js';
import { type Document, latin1FromBytes } from './lines.js';
import type { Client, Engine, Model, ModelOf } from './model.js';

type Content = string | Uint8Array | undefined;

/** Gives an included file, or `undefined` when it is not there. Paths come as written in the configuration. */
export type IncludeReader = (path: string) => Content;
export type AsyncIncludeReader = (path: string) => Promise<Content> | Content;

export interface EvaluateOptions<E extends Engine = Engine, Reader = IncludeReader> {
  /** `core`: ldlinux, which decides what boots. `menu`: menu.c32 and vesamenu.c32. `uboot`: `pxe boot` and `sysboot`. */
  engine: E;
  /** Reads included files. {@link resolvePath} says which file a name means. Default: none is there. */
  include?: Reader;
  /** Name of the file, for `files` and origins. Default: `<config>`. */
  file?: string;
  /** Facts for SYSAPPEND and IPAPPEND. Without them their strings are left out. */
  client?: Client;
}

/**
 * What an engine makes of a file.
 *
 * The model is to be read only: menus share tables. Its strings hold one character per byte, as the loaders do. Never throws on bad input. A missing include is
 * listed in `missing` (U-Boot rejects the file). Includes nest at most 16 deep; a deeper one counts as missing.
 */
export function evaluate<E extends Engine>(document: Document, options: EvaluateOptions<E>): ModelOf[E] {
  const reading = start(document, options);
  let step = reading.next();
  while (!step.done) {
    const { path, purpose } = step.value;
    step = reading.next(purpose === 'include' ? toText(options.include?.(path)) : undefined);
  }
  return step.value as ModelOf[E];
}

/** {@link evaluate} with a reader that may answer later. */
export async function evaluateAsync<E extends Engine>(
  document: Document,
  options: EvaluateOptions<E, AsyncIncludeReader>,
): Promise<ModelOf[E]> {
  const reading = start(document, options);
  let step = reading.next();
  while (!step.done) {
    const { path, purpose } = step.value;
    step = reading.next(purpose === 'include' ? toText(await options.include?.(path)) : undefined);
  }
  return step.value as ModelOf[E];
}

function start(document: Document, { engine, file = '<config>', client }: EvaluateOptions<Engine, unknown>): Reading<Model> {
  const text = document.encoding === 'string' ? toByteString(document.text) : document.text;
  if (engine === 'uboot') return evaluateUboot({ file, text });
  return engine === 'core' ? evaluateCore({ file, text }, client) : evaluateMenu([{ file, text }], client);
}

function toText(content: Content): string | undefined {
  if (content === undefined) return undefined;
  return typeof content === 'string' ? toByteString(content) : latin1FromBytes(content);
}
