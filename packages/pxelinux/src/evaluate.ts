import type { Document } from './lines.js';
import type { Client, Engine, ModelOf } from './model.js';

/** Gives an included file, or `undefined` when it is not there. Paths come as written in the configuration. */
export type IncludeReader = (path: string) => string | Uint8Array | undefined;
export type AsyncIncludeReader = (path: string) => Promise<string | Uint8Array | undefined> | string | Uint8Array | undefined;

export interface EvaluateOptions<E extends Engine = Engine, Reader = IncludeReader> {
  engine: E;
  /** Reads included files. Default: none is there. */
  include?: Reader;
  /** Name of the file, for `files` and origins. Default: `<config>`. */
  file?: string;
  /** Facts for SYSAPPEND and IPAPPEND. Without them their strings are left out. */
  client?: Client;
}

/** What an engine makes of a file. Never throws on bad input; includes nest at most 16 deep and a deeper one counts as missing. */
export function evaluate<E extends Engine>(document: Document, options: EvaluateOptions<E>): ModelOf[E] {
  throw new Error(`not yet: ${options.engine} ${document.nodes.length}`);
}

/** {@link evaluate} with a reader that may answer later. */
export async function evaluateAsync<E extends Engine>(
  document: Document,
  options: EvaluateOptions<E, AsyncIncludeReader>,
): Promise<ModelOf[E]> {
  throw new Error(`not yet: ${options.engine} ${document.nodes.length}`);
}
