/** A `<<WORD` of a shell script. */
export interface HereDocument {
  /** Where `<<` stands. */
  start: number;
  delimiter: string;
  /** Past the line that closes it; missing when none does. */
  end?: number;
}

export type OpenQuote = "'" | '"' | '`' | '$(' | '${' | '$((';

export interface ShellScan {
  hereDocuments: HereDocument[];
  /** The quote or substitution that is still open at the end. */
  unclosed?: { kind: OpenQuote; at: number };
}

interface Frame {
  kind: OpenQuote | 'top';
  at: number;
  /** Parentheses open inside a `$(` or `$((`. */
  depth: number;
  /** `case` without `esac`: its patterns end in a `)` that closes nothing. */
  cases: number;
}

interface Pending {
  document: HereDocument;
  stripTabs: boolean;
}

const WORD_BREAK = /[\s;&|()<>]/;

/** Characters that can change anything; all others are passed over. Inside `$(` the words `case` and `esac` count, too. */
const SPECIAL = marks('\\\n"\'`$#<(){}');
const SPECIAL_IN_SUBSTITUTION = marks('\\\n"\'`$#<(){}ce');

function marks(chars: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const char of chars) table[char.charCodeAt(0)] = 1;
  return table;
}
const DELIMITER_END = /[\s;&|()<>`]/;

/**
 * Follows quotes, substitutions, comments and here-documents of a POSIX or bash script from `start` to `end`. It is no parser: it knows
 * what is text and what is not, which is all that can be told without running anything.
 */
export function scanShell(text: string, start = 0, end = text.length): ShellScan {
  const stack: Frame[] = [{ kind: 'top', at: start, depth: 0, cases: 0 }];
  const hereDocuments: HereDocument[] = [];
  let pending: Pending[] = [];
  let at = start;
  let doubleQuotes = 0;
  const top = () => stack[stack.length - 1] as Frame;
  const open = (kind: OpenQuote, length: number) => {
    stack.push({ kind, at, depth: 0, cases: 0 });
    if (kind === '"') doubleQuotes++;
    at += length;
  };
  const close = (length: number) => {
    if (stack.pop()?.kind === '"') doubleQuotes--;
    at += length;
  };
  for (;;) {
    const frame = top();
    const special = frame.kind === '$(' ? SPECIAL_IN_SUBSTITUTION : SPECIAL;
    while (at < end && special[text.charCodeAt(at)] !== 1) at++;
    if (at >= end) break;
    const char = text[at] as string;
    if (char === '\\') {
      at += 2;
      continue;
    }
    if (char === '\n' && frame.kind !== '"') {
      at++;
      for (const { document, stripTabs } of pending) {
        const next = closingLine(text, at, end, document.delimiter, stripTabs);
        if (next === undefined) return { hereDocuments };
        document.end = next;
        at = next;
      }
      pending = [];
      continue;
    }
    if (frame.kind === '"') {
      if (char === '"') close(1);
      else if (char === '`') stack[stack.length - 2]?.kind === '`' ? at++ : open('`', 1);
      else if (char === '$') openDollar(false);
      else at++;
      continue;
    }
    if (frame.kind === '$((') {
      if (char === '(') frame.depth++;
      else if (char === ')') {
        if (frame.depth > 0) frame.depth--;
        else {
          close(text[at + 1] === ')' ? 2 : 1);
          continue;
        }
      } else if (char === '$') {
        openDollar(false);
        continue;
      }
      at++;
      continue;
    }
    if (char === "'") {
      const inQuotedParameter = frame.kind === '${' && doubleQuotes > 0;
      if (inQuotedParameter) at++;
      else if (!skipSingle(at)) return { hereDocuments, unclosed: { kind: "'", at } };
      continue;
    }
    if (char === '"') open('"', 1);
    else if (char === '$') openDollar(true);
    else if (char === '`') {
      if (frame.kind === '`') close(1);
      else open('`', 1);
    } else if (frame.kind === '${') {
      if (char === '}') close(1);
      else at++;
    } else if (char === '#' && (at === start || WORD_BREAK.test(text[at - 1] as string))) {
      const lineEnd = indexOrEnd(text.indexOf('\n', at));
      const tick = frame.kind === '`' ? text.slice(at, lineEnd).indexOf('`') : -1;
      at = tick === -1 ? lineEnd : at + tick;
    } else if (char === '<' && text.startsWith('<<', at)) {
      if (text[at + 2] === '<') at += 3;
      else readHereDocument();
    } else if (char === '(') {
      if (text[at + 1] === '(' && frame.depth === 0 && isCommandStart(text, at, start)) open('$((', 2);
      else {
        frame.depth++;
        at++;
      }
    } else if (char === ')') {
      if (frame.kind === '$(' && frame.depth === 0 && frame.cases === 0) close(1);
      else {
        if (frame.depth > 0) frame.depth--;
        at++;
      }
    } else if (frame.kind === '$(' && (char === 'c' || char === 'e') && (at === start || WORD_BREAK.test(text[at - 1] as string))) {
      const word = text.slice(at, at + 5);
      if (/^case\b/.test(word)) frame.cases++;
      else if (/^esac\b/.test(word) && frame.cases > 0) frame.cases--;
      at++;
    } else at++;
  }
  const innermost = stack.length > 1 ? (stack[1] as Frame) : undefined;
  return innermost === undefined ? { hereDocuments } : { hereDocuments, unclosed: { kind: innermost.kind as OpenQuote, at: innermost.at } };

  function indexOrEnd(index: number): number {
    return index === -1 || index > end ? end : index;
  }

  function openDollar(quotes: boolean): void {
    const next = text[at + 1];
    if (next === '(') text[at + 2] === '(' ? open('$((', 3) : open('$(', 2);
    else if (next === '{') open('${', 2);
    else if (next === "'" && quotes) skipAnsi();
    else if (next === '#' || next === '$') at += 2;
    else at++;
  }

  function skipSingle(from: number): boolean {
    const closing = text.indexOf("'", from + 1);
    if (closing === -1 || closing >= end) return false;
    at = closing + 1;
    return true;
  }

  function skipAnsi(): void {
    at += 2;
    while (at < end && text[at] !== "'") at += text[at] === '\\' ? 2 : 1;
    at++;
  }

  function readHereDocument(): void {
    const operator = at;
    at += 2;
    const stripTabs = text[at] === '-';
    if (stripTabs) at++;
    while (text[at] === ' ' || text[at] === '\t') at++;
    let delimiter = '';
    while (at < end && !DELIMITER_END.test(text[at] as string)) {
      const char = text[at] as string;
      if (char === "'" || char === '"') {
        const closing = text.indexOf(char, at + 1);
        if (closing === -1 || closing >= end) break;
        delimiter += text.slice(at + 1, closing);
        at = closing + 1;
      } else if (char === '\\') {
        delimiter += text[at + 1] ?? '';
        at += 2;
      } else {
        delimiter += char;
        at++;
      }
    }
    if (delimiter === '') return;
    const document: HereDocument = { start: operator, delimiter };
    hereDocuments.push(document);
    pending.push({ document, stripTabs });
  }
}

function isCommandStart(text: string, at: number, start: number): boolean {
  let before = at - 1;
  while (before >= start && (text[before] === ' ' || text[before] === '\t')) before--;
  return (
    before < start ||
    /[\n;&|({!]/.test(text[before] as string) ||
    /(?:^|[\s;])(?:for|if|while|until|then|do|else)$/.test(text.slice(Math.max(start, before - 6), before + 1))
  );
}

/** Past the line that is the delimiter alone. */
function closingLine(text: string, from: number, end: number, delimiter: string, stripTabs: boolean): number | undefined {
  for (let at = from; at < end; ) {
    const feed = text.indexOf('\n', at);
    const lineEnd = feed === -1 || feed >= end ? end : feed;
    let first = at;
    if (stripTabs) while (text[first] === '\t') first++;
    let last = lineEnd;
    if (text[last - 1] === '\r') last--;
    if (text.slice(first, last) === delimiter) return Math.min(lineEnd + 1, end);
    at = lineEnd + 1;
  }
  return undefined;
}
