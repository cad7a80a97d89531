/** What a `.treeinfo` file of an install tree says (the format of Fedora and its kin). */
export interface TreeInfo {
  family: string | undefined;
  version: string | undefined;
  arch: string | undefined;
  kernel: string | undefined;
  initrd: string | undefined;
  /** `sha256:…` by path. */
  checksums: Record<string, string>;
  /** Stage 2 image, when the tree names one. */
  mainImage: string | undefined;
}

/** Reads the INI text of a `.treeinfo`. Unknown sections and keys are left out. */
export function parseTreeInfo(text: string): TreeInfo {
  const sections: Record<string, Record<string, string>> = {};
  let current: Record<string, string> = {};
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    if (line.startsWith('[') && line.endsWith(']')) {
      current = sections[line.slice(1, -1)] ??= {};
      continue;
    }
    const at = line.indexOf('=');
    if (at > 0) current[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  const general = sections.general ?? {};
  const arch = general.arch ?? sections.tree?.arch;
  const images = sections[`images-${arch}`] ?? {};
  return {
    family: general.family ?? sections.release?.short,
    version: general.version ?? sections.release?.version,
    arch,
    kernel: images.kernel,
    initrd: images.initrd,
    checksums: sections.checksums ?? {},
    mainImage: sections.stage2?.mainimage,
  };
}

/** The short release name that kickstart tables use (`RHEL9`, `F40`), when the tree is one of theirs. */
export function releaseOf({ family, version }: Pick<TreeInfo, 'family' | 'version'>): string | undefined {
  const major = /^\d+/.exec(version ?? '')?.[0];
  if (!family || !major) return undefined;
  if (/^fedora/i.test(family)) return `F${major}`;
  return /red hat|rhel|centos|rocky|alma|oracle|scientific/i.test(family) ? `RHEL${major}` : undefined;
}

/** Whether the installer of a release reads `inst.ks=` (since Fedora 17 and RHEL 7) or the older `ks=`. */
export function usesInstPrefix(release: string | undefined): boolean {
  const match = /^(F|FC|RHEL|CENTOS|OL)(\d+)/i.exec(release ?? '');
  if (!match) return true;
  return Number(match[2]) >= (/^F/i.test(match[1] as string) ? 17 : 7);
}
