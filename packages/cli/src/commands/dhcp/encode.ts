import { encode, formatHex, fromJson } from '@pxekit/dhcp';
import { Command } from 'commander';
import { isExpected } from '../../failure.js';
import { linesOf, openInput } from '../../input.js';
import type { Io } from '../../io.js';

export function encodeCommand(io: Io): Command {
  return new Command('encode')
    .description('Turn the JSON of `dhcp decode --json` back to hex.')
    .argument('[file]', 'JSON: an object per line, one object, or a list of objects', '-')
    .addHelpText(
      'after',
      `
Every field may be left out. An option is taken from its "hex", or from its "value" when there is no "hex".
With "roundtrip", padding and what follows the End option come back too, while the options are as they were.
Exit code 1 when an object could not be encoded.

Examples:
  $ pxekit dhcp decode --json boot.pcap | pxekit dhcp encode
  $ echo '{"op":1,"xid":7,"chaddr":"52:54:00:77:00:01","options":[{"name":"messageType","value":1}]}' | pxekit dhcp encode`,
    )
    .action(async (file: string) => {
      const { chunks } = await openInput(io, file);
      for await (const { place, object } of objectsOf(chunks)) {
        try {
          io.out(formatHex(encode(fromJson(object()))));
        } catch (error) {
          if (!isExpected(error) && !(error instanceof SyntaxError)) throw error;
          io.err(`pxekit: ${place}: ${error.message}`);
          io.exitCode = 1;
        }
      }
    });
}

interface Found {
  /** Where it stands, for people. */
  place: string;
  /** Throws `SyntaxError` where it is no JSON. */
  object: () => unknown;
}

/** The objects of one per line as they come, or of one JSON document over several lines. */
async function* objectsOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Found> {
  // Lines that may be the beginning of a document: the first of them is no JSON by itself.
  const held: { line: string; place: string }[] = [];
  let isByLine = false;
  let number = 0;
  for await (const line of linesOf(chunks)) {
    const place = `line ${++number}`;
    if (line.trim() === '') continue;
    isByLine ||= held.length === 0 && isJson(line);
    if (isByLine) yield* objectsIn(line, place);
    else held.push({ line, place });
  }
  const document = held.map(({ line }) => line).join('\n');
  if (isJson(document)) yield* objectsIn(document, 'object');
  else for (const { line, place } of held) yield* objectsIn(line, place);
}

function* objectsIn(text: string, place: string): Generator<Found> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    yield {
      place,
      object: () => {
        throw error;
      },
    };
    return;
  }
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield { place: `${place}, item ${index + 1}`, object: () => item };
  else yield { place, object: () => value };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
