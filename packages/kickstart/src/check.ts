import { compareDiagnostics, type Diagnostic } from '@pxekit/diagnostics';
import { checkCommand } from './check/command.js';
import { CheckContext, type Strictness } from './check/context.js';
import { checkErrorNode, checkInclude, checkSection } from './check/section.js';
import type { Release } from './releases/releases.js';
import type { Document } from './tree.js';

export interface CheckOptions {
  /** The release whose installer is to read the file, as `resolveRelease` gives it. */
  release: Release;
  /**
   * `default`: what the installer of the release really takes, including what it does beyond the parser.
   * `pykickstart`: the verdict of pykickstart 3.74, its faults included, and the first error on the line that it names.
   */
  strictness?: Strictness;
}

/**
 * Checks a tree against the language of one release. The same tree can be checked against any number of releases.
 *
 * @returns findings in the order of the text; the file is good for the release when none is of severity `error`
 */
export function check(document: Document, { release, strictness = 'default' }: CheckOptions): Diagnostic[] {
  const context = new CheckContext(document, release, strictness);
  // What follows an unknown header without %end is most likely its text, and not worth a finding for each line.
  let lost = false;
  for (const node of document.children) {
    switch (node.type) {
      case 'command':
        if (!lost || context.table.commands.has(node.name.value)) checkCommand(node, context);
        break;
      case 'section':
        lost = false;
        checkSection(node, context);
        break;
      case 'include':
        checkInclude(node, context);
        break;
      case 'error':
        if (!lost || node.kind === 'unknown-section' || node.kind === 'stray-end') checkErrorNode(node, context);
        if (node.kind === 'unknown-section') lost = strictness === 'default';
        break;
      default:
    }
  }
  return context.diagnostics.sort(compareDiagnostics);
}
