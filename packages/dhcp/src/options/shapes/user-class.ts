import { readText } from '../../text.js';
import { type Reader, refuse } from '../cursor.js';
import type { Shape } from '../shape.js';

/** Whether the octets are non-empty counted classes that end where the option ends. */
function isCounted({ bytes, pos, end }: Reader): boolean {
  let at = pos;
  while (at < end && bytes[at] !== 0) at += 1 + bytes[at]!;
  return at === end;
}

/**
 * User classes. RFC 3004 counts each; iPXE, dhclient and others send one bare text instead, which is read as one class.
 * A list is written counted, a text bare.
 */
export const userClass: Shape<string[], readonly string[] | string> = {
  name: 'user class[]',
  min: 1,
  max: Number.POSITIVE_INFINITY,
  read: (reader) => {
    const { bytes } = reader;
    if (reader.left === 0) reader.fail('DHCP_VALUE_SHORT', 'At least one user class expected.');
    if (!isCounted(reader)) {
      const at = reader.pos;
      let stop = reader.end;
      while (stop > at && bytes[stop - 1] === 0) stop--;
      reader.pos = reader.end;
      return [readText(bytes, at, stop)];
    }
    const classes: string[] = [];
    while (reader.more()) {
      const size = reader.uint(1);
      const at = reader.take(size);
      classes.push(readText(bytes, at, at + size));
    }
    return classes;
  },
  write: (writer, value) => {
    if (typeof value === 'string') {
      if (value === '') refuse('A user class is not empty.');
      writer.text(value);
      return;
    }
    if (!Array.isArray(value) || value.length === 0) refuse('A text or a list of at least one user class is expected.');
    for (const entry of value as readonly string[]) {
      if (typeof entry !== 'string' || entry === '') refuse('A user class is a text that is not empty.');
      writer.counted(1, () => writer.text(entry));
    }
  },
};
