import { inRange } from '../releases/releases.js';
import type { Section } from '../tree.js';
import type { CheckContext } from './context.js';

/**
 * Which installers act on a section. pykickstart accepts all sections for all releases, but only because it is newer than they are: the
 * parser inside an old installer stops at a section that it does not know. Where a boundary is not certain the earlier release is named.
 */
const SECTIONS: Readonly<Record<string, { in: string; deprecated?: string; removed?: string }>> = {
  // Add-ons came with the rewritten installer of Fedora 18.
  addon: { in: 'F18-,RHEL7-' },
  'pre-install': { in: 'F23-,RHEL7-' },
  onerror: { in: 'F23-,RHEL7-' },
  // Password policies; anaconda 34 deprecated the section, anaconda 36 dropped it and stops at it.
  anaconda: { in: 'F21-,RHEL7-', deprecated: 'F34-F35,RHEL9', removed: 'F36-,RHEL10-' },
  // Certificates for the installer, written in 2024.
  certificate: { in: 'F41-,RHEL9-' },
};

/** What the installer itself does with a section, beyond the parser. */
export function checkInstallerSection({ name, header }: Section, context: CheckContext): void {
  const row = SECTIONS[name];
  if (row === undefined || context.asPykickstart) return;
  const subject = `"${header.name.value}"`;
  if (inRange(row.removed, context.release)) {
    context.error('ks/removed-section', header.name, `The installer of ${context.title} no longer reads ${subject}, and stops at it`);
  } else if (inRange(row.deprecated, context.release)) {
    context.warn('ks/section-to-be-removed', header.name, `${subject} still works in ${context.title}; a later release drops it`);
  } else if (!inRange(row.in, context.release)) {
    context.error('ks/unsupported-section', header.name, `The installer of ${context.title} has no section ${subject}, and stops at it`);
  }
}
