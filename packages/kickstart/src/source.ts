import { type Position, Source, type SourceOptions } from '@pxekit/diagnostics';
import { lineAt } from './lex.js';

/** A kickstart text whose lines are counted as the installer counts them: form feeds, U+2028 and their like end lines, too. */
export class KickstartSource extends Source {
  #starts: number[] | undefined;

  constructor(text: string, options: Pick<SourceOptions, 'name'> = {}) {
    super(text, options);
  }

  override get lineCount(): number {
    return this.#lineStarts().length;
  }

  override positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.text.length));
    const starts = this.#lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return { offset: at, line: low + 1, column: at - (starts[low] as number) + 1 };
  }

  override lineStart(line: number): number | undefined {
    return this.#lineStarts()[line - 1];
  }

  override lineText(line: number): string | undefined {
    const start = this.lineStart(line);
    return start === undefined ? undefined : this.text.slice(start, lineAt(this.text, start).end);
  }

  #lineStarts(): number[] {
    if (this.#starts === undefined) {
      const starts = [0];
      for (let line = lineAt(this.text, 0); line.next > line.end; line = lineAt(this.text, line.next)) starts.push(line.next);
      this.#starts = starts;
    }
    return this.#starts;
  }
}
