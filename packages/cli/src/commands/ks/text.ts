import { type Io, readInput } from '../../io.js';

/** The name that diagnostics show for a file argument. */
export function sourceName(file: string): string {
  return file === '-' ? '<stdin>' : file;
}

export interface KickstartText {
  text: string;
  /** Some bytes are not UTF-8 and stand as U+FFFD in the text, so it must not be written back. */
  lossy: boolean;
}

/** Reads a kickstart file, which is UTF-8. A byte order mark stays in the text, since the installer stumbles over it. */
export async function readKickstart(io: Io, file: string): Promise<KickstartText> {
  const bytes = await readInput(io, file);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), lossy: false };
  } catch {
    return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), lossy: true };
  }
}

/** Whether a file in a folder is taken for a kickstart file. */
export function isKickstart(path: string): boolean {
  return /\.(ks|cfg)$/.test(path);
}
