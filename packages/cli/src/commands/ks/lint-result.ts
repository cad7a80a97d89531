import type { Diagnostic } from '@pxekit/diagnostics';
import type { Release } from '@pxekit/kickstart';

/** What one file is worth for one release. */
export interface ReleaseResult {
  release: Release;
  /** Nothing told the release, so it is the newest. */
  assumed: boolean;
  ok: boolean;
  diagnostics: Diagnostic[];
}

/** What one file is worth for all releases it is checked against. */
export interface FileResult {
  file: string;
  byRelease: readonly ReleaseResult[];
  /** Findings of all releases, each of them once. */
  diagnostics: Diagnostic[];
}

/** Puts the findings of several releases together; what several of them share names them. */
export function fileResult(file: string, byRelease: readonly ReleaseResult[]): FileResult {
  if (byRelease.length === 1) return { file, byRelease, diagnostics: byRelease.flatMap(({ diagnostics }) => diagnostics) };
  const shared = new Map<string, { diagnostic: Diagnostic; releases: Release[] }>();
  for (const { release, diagnostics } of byRelease) {
    for (const diagnostic of diagnostics) {
      const { code, severity, message, range } = diagnostic;
      const key = JSON.stringify([code, severity, message, range.start.offset, range.end.offset]);
      const before = shared.get(key);
      if (before) before.releases.push(release);
      else shared.set(key, { diagnostic, releases: [release] });
    }
  }
  const diagnostics = Array.from(shared.values(), ({ diagnostic, releases }) => ({
    ...diagnostic,
    message: `${diagnostic.message} [${releases.join(', ')}]`,
  }));
  return { file, byRelease, diagnostics: diagnostics.sort((a, b) => a.range.start.offset - b.range.start.offset) };
}
