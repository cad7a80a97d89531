/** Every lint rule with what it finds. */
export const LINT_CODES = {
  'pxelinux/append-dash-blank': 'APPEND - with a blank after the dash: the dash becomes an option.',
  'pxelinux/byte-order-mark': 'A byte order mark hides the first directive.',
  'pxelinux/carriage-return': 'A carriage return inside a line: the loaders drop the rest of the line.',
  'pxelinux/clear-password': 'A menu password that everybody can read.',
  'pxelinux/comment-after-value': 'A # after a value is part of the value.',
  'pxelinux/config-file-name': 'No client asks for a configuration file of this name.',
  'pxelinux/dead-directive': 'A directive that SYSLINUX 6 no longer carries out.',
  'pxelinux/default-replaces-menu': 'A second DEFAULT replaces the one that starts the menu.',
  'pxelinux/global-append-late': 'A global APPEND that reaches only the labels after it.',
  'pxelinux/initrd-comma': 'initrd= joined to the option before it by a comma.',
  'pxelinux/initrd-twice': 'initrd= in APPEND beats the INITRD line.',
  'pxelinux/installer-argument': 'A kernel argument that the installer to be booted does not read.',
  'pxelinux/label-blank': 'A label name with blanks: the core takes its first word, DEFAULT cannot name it.',
  'pxelinux/leading-slash': 'A leading slash does not mean the root of the server to PXELINUX.',
  'pxelinux/line-too-long': 'A line over 4095 bytes: what is left over is read as a new line.',
  'pxelinux/localboot-value': 'A LOCALBOOT value that does not do here what it says.',
  'pxelinux/missing-value': 'A directive without its value.',
  'pxelinux/nohalt-blank': 'NOHALT 1 with one blank is read as 0.',
  'pxelinux/outside-label': 'A directive that counts only inside a label.',
  'pxelinux/serial-comma': 'SERIAL takes blanks, not commas.',
  'pxelinux/sysappend-local': 'SYSAPPEND has no effect on LOCALBOOT.',
  'pxelinux/text-not-closed': 'TEXT without ENDTEXT swallows the rest of the file.',
  'pxelinux/timeout-seconds': 'A timeout that looks like seconds; it counts tenths.',
  'pxelinux/unknown-directive': 'A directive that no loader knows.',
} as const;

export type LintCode = keyof typeof LINT_CODES;
