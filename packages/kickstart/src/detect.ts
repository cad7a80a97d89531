import { type Release, resolveRelease } from './releases/releases.js';
import type { Command, Document } from './tree.js';

export interface DetectedRelease {
  release: Release;
  /** What told it: a `#version=` comment, the tree's `.treeinfo`, or an address in an install source. */
  from: 'version' | 'treeinfo' | 'address';
  /** Where in the text it was read; missing for a treeinfo. */
  at?: { start: number; end: number };
}

export interface DetectOptions {
  /** The text of the `.treeinfo` of the installation tree, where there is one. It counts more than addresses. */
  treeinfo?: string;
}

/** Commands that say where packages come from, the ones of the installation itself first. */
const SOURCES = ['url', 'nfs', 'liveimg', 'ostreesetup', 'ostreecontainer', 'repo'];

/** How mirrors write a release into their paths. The first group is the family, where there is one; the second the version. */
const ADDRESSES: readonly [RegExp, string?][] = [
  [/\b(centos|rocky|almalinux|alma|rhel|oraclelinux)(?:-(?:linux|stream))?[-_/](?:ol)?(\d{1,2})\b(?!\d)/i],
  [/\/(ol|el|rhel)-?(\d{1,2})\b/i],
  [/\bfedora[^\s]{0,60}?\/(?:releases|development|updates|test)\/()(\d{1,2})\b/i, 'fedora'],
  [/\b(fedora|f)[-_/]?(\d{1,2})\b/i],
  [/()\b(\d{1,2})-stream\b/i, 'centos'],
  [/\b(rhel|centos)(\d{1,2})\b/i],
  [/\bamazonlinux[-_/]?()(\d{1,4})\b/i, 'amazon'],
];

const RAWHIDE = /\bfedora\b[^\s]{0,80}\brawhide\b|\brawhide\b[^\s]{0,80}\bfedora\b|development\/rawhide\b/i;

/** Longest stretch of an address that is looked at. */
const MAX_ADDRESS = 500;

/** Tells from a file, or from the tree it installs from, which release it is for. */
export function detectRelease(document: Document, { treeinfo }: DetectOptions = {}): DetectedRelease | undefined {
  return fromVersion(document) ?? (treeinfo === undefined ? undefined : fromTreeinfo(treeinfo)) ?? fromAddresses(document);
}

/** Anaconda begins the files it writes with `#version=RHEL9` or `#version=DEVEL`. */
function fromVersion(document: Document): DetectedRelease | undefined {
  for (const node of document.children) {
    if (node.type !== 'comment') continue;
    const match = /^\s*#\s*version=([^\s]{1,40})/.exec(node.raw);
    const release = match?.[1] === undefined || match[1] === 'DEVEL' ? undefined : resolveRelease(match[1]);
    if (release !== undefined) return { release, from: 'version', at: { start: node.start, end: node.end } };
  }
  return undefined;
}

/** `.treeinfo` names its family and version in `[release]` or, in the old form, in `[general]`. */
function fromTreeinfo(text: string): DetectedRelease | undefined {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]{1,40})\]/.exec(line);
    if (header) section = header[1] as string;
    const equals = line.indexOf('=');
    if (!header && equals > 0) values.set(`${section}.${line.slice(0, equals).trim()}`, line.slice(equals + 1).trim());
  }
  for (const [name, version] of [
    ['release.name', 'release.version'],
    ['general.family', 'general.version'],
  ] as const) {
    const release = resolveRelease(`${values.get(name) ?? ''} ${values.get(version) ?? ''}`);
    if (release !== undefined) return { release, from: 'treeinfo' };
  }
  return undefined;
}

function fromAddresses(document: Document): DetectedRelease | undefined {
  const commands = document.children.filter((node): node is Command => node.type === 'command');
  for (const source of SOURCES) {
    for (const command of commands) {
      if (command.name.value !== source) continue;
      for (const word of command.args) {
        const release = fromAddress(word.value.slice(0, MAX_ADDRESS));
        if (release !== undefined) return { release, from: 'address', at: { start: word.start, end: word.end } };
      }
    }
  }
  return undefined;
}

function fromAddress(address: string): Release | undefined {
  // Add-on repositories such as EPEL follow RHEL's numbers under names of their own.
  if (!address.includes('/') && !address.includes('=')) return undefined;
  if (RAWHIDE.test(address)) return resolveRelease('rawhide');
  for (const [pattern, family] of ADDRESSES) {
    const match = pattern.exec(address);
    if (match === null) continue;
    const release = resolveRelease(`${family ?? match[1]} ${match[2]}`);
    if (release !== undefined) return release;
  }
  return undefined;
}
