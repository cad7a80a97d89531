/** A directive: `indent keyword gap value trailing eol` put together is the line as it stands in the file. */
export interface DirectiveLine {
  readonly type: 'directive';
  /** Offset of the line's first character in the document's text. */
  readonly offset: number;
  /** Number of the line, counted from 1; only `\n` ends a line. */
  readonly line: number;
  /** Blanks before the keyword. */
  readonly indent: string;
  /** First word, as written: `LABEL`, `menu`, `F1`. For what the loaders do not know, too. */
  readonly keyword: string;
  /** Blanks between keyword and value. */
  readonly gap: string;
  /** The rest of the line without the blanks at its end. */
  readonly value: string;
  /** Blanks after the value. They count: `LABEL a ` is not `LABEL a` to menu.c32. */
  readonly trailing: string;
  /** `\n`, `\r\n`, or nothing at the end of the file. */
  readonly eol: string;
}

/** A line of blanks only, or with nothing at all. */
export interface BlankLine {
  readonly type: 'blank';
  readonly offset: number;
  readonly line: number;
  readonly indent: string;
  readonly eol: string;
}

/** A line whose first character after the blanks is `#`. The loaders ignore it as they ignore any unknown keyword. */
export interface CommentLine {
  readonly type: 'comment';
  readonly offset: number;
  readonly line: number;
  readonly indent: string;
  /** From the `#` to the end of the line. */
  readonly text: string;
  readonly eol: string;
}

/** A `TEXT HELP` (or `TEXT anything`) block up to its `ENDTEXT`; SYSLINUX takes its lines as they are. */
export interface TextBlock {
  readonly type: 'text';
  readonly offset: number;
  /** Number of the line that opens the block. */
  readonly line: number;
  /** The line that opens the block; its keyword is `TEXT`. */
  readonly open: DirectiveLine;
  /** The lines between, verbatim. */
  readonly body: string;
  /** The `ENDTEXT` line; `undefined` when there is none and the block swallows the rest of the file. */
  readonly close: DirectiveLine | undefined;
}

export type ConfigNode = DirectiveLine | BlankLine | CommentLine | TextBlock;

/** A node as it stands in the file, line end included. */
export function nodeText(node: ConfigNode): string {
  switch (node.type) {
    case 'directive':
      return node.indent + node.keyword + node.gap + node.value + node.trailing + node.eol;
    case 'blank':
      return node.indent + node.eol;
    case 'comment':
      return node.indent + node.text + node.eol;
    case 'text':
      return nodeText(node.open) + node.body + (node.close === undefined ? '' : nodeText(node.close));
  }
}
