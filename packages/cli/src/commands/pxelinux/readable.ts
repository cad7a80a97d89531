import { latin1ToBytes } from '@pxekit/pxelinux';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A model's string (one character per byte) for people: as UTF-8 where it is, without what a terminal would act on. */
export function readable(bytes: string): string {
  let text = bytes;
  try {
    text = utf8.decode(latin1ToBytes(bytes));
  } catch {
    // Not UTF-8: the characters are those of Latin-1.
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·');
}
