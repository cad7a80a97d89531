import { Source, type SourceOptions } from '@pxekit/diagnostics';
import { lineAt } from './lex.js';

/** A kickstart text whose lines are counted as the installer counts them: form feeds, U+2028 and their like end lines, too. */
export class KickstartSource extends Source {
  constructor(text: string, options: Pick<SourceOptions, 'name'> = {}) {
    super(text, options);
  }

  protected override findLineStarts(): number[] {
    const starts = [0];
    for (let line = lineAt(this.text, 0); line.next > line.end; line = lineAt(this.text, line.next)) starts.push(line.next);
    return starts;
  }
}
