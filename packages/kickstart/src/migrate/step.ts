import type { Range, TextEdit } from '@pxekit/diagnostics';
import type { CommandView, OptionUse } from '../read-options.js';
import type { Release } from '../releases/releases.js';
import type { Document } from '../tree.js';

/**
 * How far a change can be trusted. `safe`: means the same on the new release. `review`: a person should agree, since something may come
 * out differently. `manual`: nothing can be written without knowing more; the reason says what.
 */
export type MigrationLevel = 'safe' | 'review' | 'manual';

/** `language`: a command, option or section of the language. `refused`: what is still in the way after all other steps. */
export type MigrationKind = 'language' | 'value' | 'structure' | 'package' | 'refused';

/** One change that a newer release asks for. */
export interface MigrationStep {
  level: MigrationLevel;
  kind: MigrationKind;
  /** What it is about: `install`, `timezone --isUtc`, `%anaconda`. */
  subject: string;
  /** Why, and what takes its place. */
  reason: string;
  range: Range;
  /** The change; empty for `manual`. */
  edits: TextEdit[];
}

/** A step before it has its range and subject. */
export interface Proposal {
  level: MigrationLevel;
  reason: string;
  edits?: TextEdit[];
}

/** What a migration of one command or option sees. */
export interface MigrationContext {
  document: Document;
  from: Release;
  to: Release;
  /** `RHEL 9`, for sentences. */
  title: string;
  view: CommandView;
  /** The options of the command under their full names. */
  spellings: ReadonlySet<string>;
  /** Other commands of the file. */
  find(canonical: string): readonly CommandView[];
}

export type MigrateCommand = (context: MigrationContext) => Proposal[];
export type MigrateOption = (context: MigrationContext, use: OptionUse) => Proposal[];
