import { encode, formatHex, fromJson } from '@pxekit/dhcp';
import { Command } from 'commander';
import { isExpected } from '../../failure.js';
import { type Io, readInput } from '../../io.js';

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
      for (const read of objectsOf(new TextDecoder().decode(await readInput(io, file)))) {
        try {
          io.out(formatHex(encode(fromJson(read()))));
        } catch (error) {
          if (!isExpected(error) && !(error instanceof SyntaxError)) throw error;
          io.err(`pxekit: ${error.message}`);
          io.exitCode = 1;
        }
      }
    });
}

/** The objects of a JSON document, or of one per line. */
function objectsOf(text: string): (() => unknown)[] {
  try {
    const whole: unknown = JSON.parse(text);
    return (Array.isArray(whole) ? whole : [whole]).map((object) => () => object);
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => () => JSON.parse(line) as unknown);
  }
}
