import { type Io, readInput } from '../../io.js';

/** The name that diagnostics show for a file argument. */
export function sourceName(file: string): string {
  return file === '-' ? '<stdin>' : file;
}

export interface KickstartText {
  text: string;
  /** How the bytes were read; kickstart files are UTF-8, and what is not UTF-8 is read byte by byte so that nothing is lost. */
  encoding: 'utf8' | 'latin1';
}

/** Reads a kickstart file. A byte order mark stays in the text, since the installer stumbles over it. */
export async function readKickstart(io: Io, file: string): Promise<KickstartText> {
  const bytes = await readInput(io, file);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), encoding: 'utf8' };
  } catch {
    return { text: Buffer.from(bytes).toString('latin1'), encoding: 'latin1' };
  }
}
