/**
 * Words made from stretches of text, such as keywords in upper case, kept by how they are written. Files repeat a few of them;
 * making each anew would cost most of the time.
 */
export class WordCache {
  readonly #make: (written: string) => string;
  readonly #written: string[] = new Array(64).fill('');
  readonly #made: string[] = new Array(64).fill('');

  constructor(make: (written: string) => string) {
    this.#make = make;
  }

  read(text: string, start: number, end: number): string {
    if (start === end) return '';
    const slot = (text.charCodeAt(start) + 3 * text.charCodeAt(end - 1) + 7 * (end - start)) & 63;
    const known = this.#written[slot] as string;
    if (known.length === end - start && text.startsWith(known, start)) return this.#made[slot] as string;
    const written = text.slice(start, end);
    const made = this.#make(written);
    this.#written[slot] = written;
    this.#made[slot] = made;
    return made;
  }
}
