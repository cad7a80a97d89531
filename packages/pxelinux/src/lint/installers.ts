/** What an installer makes of a kernel argument. */
export interface ArgumentStatus {
  status: 'read' | 'deprecated' | 'ignored';
  /** The name to write in its place. */
  instead?: string;
}

/**
 * What an installer, such as `rhel9` or `fedora41`, makes of a kernel argument by its name without the value; `undefined` for
 * arguments that are not the installer's.
 */
export type InstallerArguments = (installer: string, name: string) => ArgumentStatus | undefined;

/** Old names of anaconda's boot options and what they became (anaconda's boot options guide). */
const ANACONDA: Readonly<Record<string, string>> = {
  ks: 'inst.ks',
  method: 'inst.repo',
  repo: 'inst.repo',
  stage2: 'inst.stage2',
  ksdevice: 'inst.ks.device',
  'ks.device': 'inst.ks.device',
  'ks.sendmac': 'inst.ks.sendmac',
  'ks.sendsn': 'inst.ks.sendsn',
  vnc: 'inst.vnc',
  vncpassword: 'inst.vncpassword',
  vncconnect: 'inst.vncconnect',
  updates: 'inst.updates',
  loglevel: 'inst.loglevel',
  sshd: 'inst.sshd',
  noverifyssl: 'inst.noverifyssl',
};

const PREFIXED = new Set(Object.values(ANACONDA));

/** First releases whose installer reads the `inst.` names, and first that read no others. */
const RELEASES: Readonly<Record<string, { prefixed: number; prefixedOnly: number }>> = {
  fedora: { prefixed: 17, prefixedOnly: 34 },
  rhel: { prefixed: 7, prefixedOnly: 9 },
};

const FAMILY: Readonly<Record<string, string>> = {
  fedora: 'fedora',
  rhel: 'rhel',
  redhat: 'rhel',
  centos: 'rhel',
  rocky: 'rhel',
  almalinux: 'rhel',
  alma: 'rhel',
  oracle: 'rhel',
};

const INSTALLER =
  /(fedora|rhel|redhat|centos|rocky|almalinux|alma|oracle)(?:-?linux|-?stream)?(?:\/linux)?(?:\/releases)?[-_ /]{0,2}(\d{1,2})/i;

/** The installer that a path, a URL or an argument speaks of, as `family` and number: `rhel9` for `…/centos-stream/9/…`. */
export function guessInstaller(text: string): string | undefined {
  const found = INSTALLER.exec(text);
  const family = FAMILY[found?.[1]?.toLowerCase() ?? ''];
  return family && found?.[2] ? `${family}${Number(found[2])}` : undefined;
}

/** Fedora and Red Hat releases, by when anaconda took up and when it required the prefix `inst.`. */
export const anacondaArguments: InstallerArguments = (installer, name) => {
  const known = guessInstaller(installer);
  const [, family = '', number = ''] = /^([a-z]+)(\d+)$/.exec(known ?? '') ?? [];
  const release = RELEASES[family];
  if (!release) return undefined;
  const version = Number(number);
  if (PREFIXED.has(name)) return { status: version < release.prefixed ? 'ignored' : 'read' };
  const instead = ANACONDA[name];
  if (instead === undefined) return undefined;
  if (version >= release.prefixedOnly) return { status: 'ignored', instead };
  return version >= release.prefixed ? { status: 'deprecated', instead } : { status: 'read' };
};
