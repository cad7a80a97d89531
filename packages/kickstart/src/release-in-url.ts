/** Family and number of a release. */
export interface ReleasePointer {
  family: 'RHEL' | 'F';
  major: number;
}

const PATTERNS: readonly [RegExp, ReleasePointer['family']][] = [
  [
    /(?:^|[/_-])(?:centos|rhel|rocky|almalinux|alma|oracle-?linux|ol|el|epel|scientific)(?:[/_-]stream)?[/_-]?(\d{1,2})(?=$|[./_-])/i,
    'RHEL',
  ],
  [/(?:^|\/)(?:pub\/)?(?:rocky|almalinux|centos|centos-vault|epel)\/(\d{1,2})(?=$|[./-])/i, 'RHEL'],
  [/(?:^|\/)fedora\/(?:linux\/)?(?:releases|updates|development|core)\/(?:testing\/)?(\d{1,2})(?=\/|$)/i, 'F'],
  [/[?&]repo=fedora-(\d{1,2})(?=&|$)/i, 'F'],
  [/[?&](?:repo|release)=(?:epel-|rhel-|centos-|el)?(\d{1,2})(?=[-.&]|$)/i, 'RHEL'],
];

/** The release that the path of an installation tree or repository names. */
export function releaseInUrl(url: string): ReleasePointer | undefined {
  for (const [pattern, family] of PATTERNS) {
    const found = pattern.exec(url);
    if (found) return { family, major: Number(found[1]) };
  }
  return undefined;
}
