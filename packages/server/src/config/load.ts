import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ServerError } from '../errors.js';
import { checkReferences } from './check-references.js';
import { ConfigError, type ParsedConfig, parseConfig } from './parse.js';
import type { Config } from './schema.js';

/** A configuration that can be served. */
export interface LoadedConfig {
  config: Config;
  /** Folder that relative paths start from. */
  folder: string;
  file: string | undefined;
  parsed: ParsedConfig | undefined;
}

/** Names that are looked for where none is given. */
export const CONFIG_NAMES = ['pxekit.yaml', 'pxekit.yml'];

/**
 * Reads a configuration file.
 *
 * @throws {ServerError} `SERVER_CONFIG_MISSING` when there is no such file.
 * @throws {ConfigError} when it has errors.
 */
export function loadConfig(file: string): LoadedConfig {
  const parsed = readConfig(file);
  const diagnostics = [...parsed.diagnostics, ...checkReferences(parsed)];
  if (parsed.config === undefined || diagnostics.some(({ severity }) => severity === 'error'))
    throw new ConfigError(parsed.source, diagnostics);
  return { config: parsed.config, folder: dirname(resolve(file)), file: resolve(file), parsed };
}

/** Reads a configuration file and leaves its findings to the caller. */
export function readConfig(file: string): ParsedConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === 'ENOENT';
    throw new ServerError(missing ? `There is no configuration file ${file}` : `${file} cannot be read: ${message}`, {
      code: 'SERVER_CONFIG_MISSING',
      hint: missing
        ? '`pxekit init` writes one; `-c FILE` names another.'
        : code === 'EISDIR'
          ? 'Name the file in the folder.'
          : 'Check the permissions.',
      cause: error,
    });
  }
  return parseConfig(text, file);
}
