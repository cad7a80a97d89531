import type { Severity } from '@pxekit/diagnostics';
import type { IncludeReader } from '../evaluate.js';
import type { Document } from '../lines.js';
import type { Engine } from '../model.js';
import type { BootTree, Loader } from '../paths.js';
import type { InstallerArguments } from './installers.js';

export interface LintOptions {
  /** Name of the file, for messages and for the rule about file names. Default: `<config>`. */
  file?: string;
  /**
   * The configuration that includes the document, which is then judged as a part of it: what an engine makes of labels and menus is
   * taken from the whole. Default: the document is a configuration of its own.
   */
  includedBy?: { document: Document; file: string };
  /** The loaders the file must work with. Default: the core and menu.c32; `uboot` on demand. */
  engines?: readonly Engine[];
  /** Default: `pxelinux`. */
  loader?: Loader;
  /** Major version of SYSLINUX. From 5 on modules need libraries. Default: 6. */
  version?: number;
  /** Checks that files are there. Default: they are not checked. */
  tree?: BootTree;
  /** Reads included files. Default: none is there, and rules that need the whole menu say nothing when there are includes. */
  include?: IncludeReader;
  /** Severity by rule, or `off`. */
  rules?: Readonly<Record<string, Severity | 'off'>>;
  /** The installer that the entries boot, such as `rhel9` or `fedora41`. Default: seen from paths and arguments, where they say it. */
  installer?: string;
  /** Which kernel arguments each installer reads. Default: a small table of Fedora and Red Hat releases. */
  installerArguments?: InstallerArguments;
}
