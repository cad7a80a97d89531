import type { Word, WordError } from './lex.js';
import type { KickstartSource } from './source.js';
import type { TemplateSpan } from './templates.js';

/**
 * The tree of a kickstart file. It belongs to no release: what a word means is told by `check` and `readArguments`.
 *
 * Every character of the text belongs to exactly one node. Offsets count UTF-16 code units from 0, ends are exclusive;
 * `document.source` turns them into lines and columns.
 */
export interface Document {
  type: 'document';
  source: KickstartSource;
  children: Node[];
  /** What a template engine fills in; empty for a plain file. */
  templates: TemplateSpan[];
}

/** A node of the top level. */
export type Node = Command | Section | Include | KsAppend | Comment | Blank | Template | ErrorNode;

/** A node inside a section. */
export type BodyNode = PackageEntry | Text | Include | KsAppend | Comment | Blank | Template;

interface Stretch {
  start: number;
  /** Past the line end. */
  end: number;
  /** The text of the node as written, line end included. */
  raw: string;
}

/** The `#` of a line and what follows it. */
export interface TrailingComment {
  start: number;
  end: number;
  raw: string;
}

/** A line of the command part: `part / --size=1024`. */
export interface Command extends Stretch {
  type: 'command';
  name: Word;
  /** The words after the name, options and positionals as they stand; `readArguments` tells them apart. */
  args: Word[];
  comment?: TrailingComment;
}

export type SectionKind = 'script' | 'packages' | 'addon' | 'anaconda' | 'certificate' | 'unknown';

/** From a `%name` line to its `%end`. */
export interface Section extends Stretch {
  type: 'section';
  kind: SectionKind;
  header: SectionLine;
  /** Without the `%`: `post`, `packages`. */
  name: string;
  body: BodyNode[];
  /** The `%end` line; missing when the section stops at another header or at the end of the text. */
  close?: SectionLine;
}

/** The first or the last line of a section. */
export interface SectionLine extends Stretch {
  /** `%post`, `%end`. */
  name: Word;
  args: Word[];
  comment?: TrailingComment;
  /** The words could not be read to their end. */
  error?: { kind: WordError; at: number };
}

/** `%include path`, at the top level or in a section. */
export interface Include extends Stretch {
  type: 'include';
  name: Word;
  /** Path or URL; missing when the line names none. */
  target?: Word;
  /** Words after the target, which the installer ignores. */
  extra: Word[];
  comment?: TrailingComment;
  error?: { kind: WordError; at: number };
}

/** `%ksappend path`: replaced by the file before anything else is read. */
export interface KsAppend extends Stretch {
  type: 'ksappend';
  name: Word;
  target?: Word;
  extra: Word[];
  comment?: TrailingComment;
}

export interface Comment extends Stretch {
  type: 'comment';
}

export interface Blank extends Stretch {
  type: 'blank';
}

/** Lines that are nothing but template statements. */
export interface Template extends Stretch {
  type: 'template';
}

/** Lines of a script, an add-on or a certificate. */
export interface Text extends Stretch {
  type: 'text';
}

/** A line that cannot be read. */
export interface ErrorNode extends Stretch {
  type: 'error';
  kind: WordError | 'stray-end' | 'unknown-section';
  /** Where the trouble begins. */
  at: number;
  /** The words before the trouble. */
  words: Word[];
}

export type PackageKind = 'package' | 'group' | 'environment';

/** A line of `%packages`. */
export interface PackageEntry extends Stretch {
  type: 'entry';
  kind: PackageKind;
  /** The line begins with `-`. */
  exclude: boolean;
  /** The name without `-`, `@`, `@^` and group options. A module is a group named `name:stream/profile`. */
  name: string;
  /** From the first character of the entry (its `-` or `@`) to its last, blanks and comment left out. */
  entryStart: number;
  entryEnd: number;
  /** Words of a group line that begin with `--`. */
  options: readonly Word[];
  comment?: TrailingComment;
  template?: true;
}
