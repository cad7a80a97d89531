import { applyFixes, type LintCode, type LintOptions, lint, parse, RULES, serialize } from '@pxekit/pxelinux';
import { describe, expect, it } from 'vitest';

interface Example {
  /** What is wrong, in the title of the test. */
  about: string;
  text: string;
  /** `line:column` of each finding of the rule; none for a healthy file. */
  at: string[];
  fixed?: string;
  options?: LintOptions;
}

/** A tree of some files. */
function tree(...files: string[]) {
  return { has: (path: string) => files.includes(path) };
}

const UBOOT: LintOptions = { engines: ['uboot'] };
const LABEL = 'LABEL a\n KERNEL k\n';

const EXAMPLES: Record<LintCode, Example[]> = {
  'pxelinux/append-dash-blank': [
    { about: 'a blank after the dash', text: `${LABEL} APPEND - \n`, at: ['3:9'], fixed: `${LABEL} APPEND -\n` },
    { about: 'a plain dash', text: `${LABEL} APPEND -\n`, at: [] },
  ],
  'pxelinux/byte-order-mark': [
    { about: 'a mark', text: '\ufeffDEFAULT a\n', at: ['1:1'], fixed: 'DEFAULT a\n' },
    { about: 'no mark', text: 'DEFAULT a\n', at: [] },
  ],
  'pxelinux/carriage-return': [
    { about: 'old Macintosh line ends', text: 'PROMPT 0\rTIMEOUT 50\n', at: ['1:9'], fixed: 'PROMPT 0\nTIMEOUT 50\n' },
    { about: 'CRLF', text: 'PROMPT 0\r\nTIMEOUT 50\r\n', at: [] },
  ],
  'pxelinux/clear-password': [
    { about: 'clear text', text: 'MENU MASTER PASSWD secret\n', at: ['1:20'] },
    { about: 'a hash', text: `${LABEL} MENU PASSWD $5$salt$hash\n`, at: [] },
  ],
  'pxelinux/comment-after-value': [
    {
      about: 'a comment after a kernel',
      text: 'LABEL a\n KERNEL k # new\n',
      at: ['2:11'],
      fixed: 'LABEL a\n # new\n KERNEL k\n',
    },
    { about: 'a colour', text: 'MENU COLOR border 0 #ffffffff #00000000 std\n', at: [] },
    { about: 'a # inside a word', text: `${LABEL} APPEND x=a#b\n`, at: [] },
  ],
  'pxelinux/config-file-name': [
    { about: 'an upper-case MAC address', text: '', at: ['1:1'], options: { file: 'pxelinux.cfg/01-52-54-00-AB-CD-EF' } },
    { about: 'no ARP type', text: '', at: ['1:1'], options: { file: 'pxelinux.cfg/52:54:00:ab:cd:ef' } },
    { about: 'a lower-case address', text: '', at: ['1:1'], options: { file: '/srv/tftp/pxelinux.cfg/0a00020f' } },
    { about: 'a proper name', text: '', at: [], options: { file: 'pxelinux.cfg/01-52-54-00-ab-cd-ef' } },
    { about: 'an included file', text: '', at: [], options: { file: 'pxelinux.cfg/menu.cfg' } },
  ],
  'pxelinux/dead-directive': [
    { about: 'COMBOOT', text: 'LABEL a\n COMBOOT x.com\n', at: ['2:2'] },
    { about: 'FDIMAGE under ISOLINUX', text: 'LABEL a\n FDIMAGE x.img\n', at: [], options: { loader: 'isolinux' } },
    { about: 'SYSLINUX 4', text: 'LABEL a\n COMBOOT x.com\n', at: [], options: { version: 4 } },
  ],
  'pxelinux/default-not-found': [
    { about: 'no such label', text: `DEFAULT b\n${LABEL}`, at: ['1:9'] },
    { about: 'another case', text: `DEFAULT A\n${LABEL}`, at: ['1:9'], fixed: `DEFAULT a\n${LABEL}` },
    { about: 'ONTIMEOUT', text: `ONTIMEOUT b x=1\n${LABEL}`, at: ['1:11'] },
    { about: 'a file in the tree', text: `DEFAULT memtest\n${LABEL}`, at: [], options: { tree: tree('memtest.bin') } },
    { about: 'a module', text: `DEFAULT vesamenu.c32\n${LABEL}`, at: [] },
    { about: 'a label of an included file', text: 'DEFAULT b\nINCLUDE x\nLABEL c\n', at: [], options: { include: () => 'LABEL b\n' } },
    { about: 'a label that may be in a file not read', text: `DEFAULT b\nINCLUDE x\n${LABEL}`, at: [] },
    { about: 'a file without labels', text: 'DEFAULT b\n', at: [] },
  ],
  'pxelinux/default-replaces-menu': [
    {
      about: 'a label after the menu',
      text: `default menu.c32\ndefault a\n${LABEL}`,
      at: ['2:1'],
      fixed: `ui menu.c32\ndefault a\n${LABEL}`,
    },
    { about: 'a UI line', text: `UI menu.c32\nDEFAULT a\n${LABEL}`, at: [] },
  ],
  'pxelinux/duplicate-label': [
    { about: 'a second one', text: `${LABEL}LABEL a\n KERNEL other\n`, at: ['3:7'] },
    { about: 'one in an included file', text: `INCLUDE x\n${LABEL}`, at: ['2:7'], options: { include: () => LABEL } },
    { about: 'one that differs in case', text: `${LABEL}LABEL A\n`, at: [] },
  ],
  'pxelinux/global-append-late': [
    { about: 'APPEND after a separator', text: `${LABEL}MENU SEPARATOR\nAPPEND quiet\n`, at: ['4:1'] },
    { about: 'APPEND before the labels', text: `APPEND quiet\n${LABEL}`, at: [] },
  ],
  'pxelinux/hotkey-clash': [
    { about: 'one key twice', text: 'LABEL a\n MENU LABEL ^Install\nLABEL b\n MENU LABEL re^install\n', at: ['4:15'] },
    { about: 'one key in two menus', text: 'LABEL a\n MENU LABEL ^I\nMENU BEGIN\nLABEL b\n MENU LABEL ^I\nMENU END\n', at: [] },
  ],
  'pxelinux/include-loop': [
    { about: 'a file that includes itself', text: 'INCLUDE x\n', at: ['1:9'], options: { include: () => 'INCLUDE x\n' } },
    { about: 'a file included in two menus', text: 'INCLUDE x\nMENU BEGIN\nINCLUDE x\n', at: [], options: { include: () => LABEL } },
  ],
  'pxelinux/initrd-comma': [
    {
      about: 'a comma for a blank',
      text: `${LABEL} APPEND ks=ftp://h/a.ks,initrd=i.img\n`,
      at: ['3:24'],
      fixed: `${LABEL} APPEND ks=ftp://h/a.ks initrd=i.img\n`,
    },
    { about: 'two files', text: `${LABEL} APPEND initrd=a.img,b.img\n`, at: [] },
  ],
  'pxelinux/initrd-twice': [
    { about: 'both', text: `${LABEL} APPEND initrd=a\n INITRD b\n`, at: ['4:2'] },
    { about: 'one', text: `${LABEL} INITRD b\n APPEND quiet\n`, at: [] },
  ],
  'pxelinux/installer-argument': [
    {
      about: 'ks= for RHEL 9',
      text: 'LABEL a\n KERNEL rhel9/vmlinuz\n APPEND ks=http://h/a.ks\n',
      at: ['3:9'],
      fixed: 'LABEL a\n KERNEL rhel9/vmlinuz\n APPEND inst.ks=http://h/a.ks\n',
    },
    {
      about: 'method= for Fedora 41, by option',
      text: `${LABEL} APPEND inst.ks=x method=http://h/\n`,
      at: ['3:19'],
      fixed: `${LABEL} APPEND inst.ks=x inst.repo=http://h/\n`,
      options: { installer: 'fedora41' },
    },
    {
      about: 'ks= with a Fedora mirror',
      text: `${LABEL} APPEND ks=x repo=http://h/fedora/linux/releases/41/Everything/\n`,
      at: ['3:9', '3:14'],
      fixed: `${LABEL} APPEND inst.ks=x inst.repo=http://h/fedora/linux/releases/41/Everything/\n`,
    },
    { about: 'a bare ks', text: `${LABEL} APPEND ks\n`, at: ['3:9'] },
    { about: 'ks= for RHEL 6', text: 'LABEL a\n KERNEL centos-6/vmlinuz\n APPEND ks=http://h/a.ks\n', at: [] },
    { about: 'inst.ks= for RHEL 6', text: 'LABEL a\n KERNEL centos-6/vmlinuz\n APPEND inst.ks=http://h/a.ks\n', at: ['3:9'] },
    {
      about: 'a table of one\u2019s own',
      text: `${LABEL} APPEND inst.ks=x foo=1\n`,
      at: ['3:19'],
      options: { installer: 'mine1', installerArguments: (_, name) => (name === 'foo' ? { status: 'ignored' } : undefined) },
    },
  ],
  'pxelinux/label-blank': [
    { about: 'two words', text: 'LABEL my linux\n', at: ['1:7'] },
    { about: 'a blank at the end', text: 'LABEL a \n', at: ['1:7'], fixed: 'LABEL a\n' },
    { about: 'one word', text: LABEL, at: [] },
  ],
  'pxelinux/leading-slash': [
    { about: 'a slash', text: 'LABEL a\n KERNEL /vmlinuz\n', at: ['2:9'], fixed: 'LABEL a\n KERNEL vmlinuz\n' },
    { about: 'a slash under EXTLINUX', text: 'LABEL a\n KERNEL /vmlinuz\n', at: [], options: { loader: 'extlinux' } },
  ],
  'pxelinux/line-too-long': [
    { about: '4096 bytes', text: `#${'x'.repeat(4095)}\n`, at: ['1:1'] },
    { about: '4095 bytes', text: `#${'x'.repeat(4094)}\n`, at: [] },
  ],
  'pxelinux/localboot-value': [
    { about: 'a BIOS drive', text: 'LABEL a\n LOCALBOOT 0x80\n', at: ['2:12'], fixed: 'LABEL a\n LOCALBOOT -1\n' },
    { about: 'no number', text: 'LABEL a\n LOCALBOOT yes\n', at: ['2:12'] },
    { about: 'the next device', text: 'LABEL a\n LOCALBOOT 0xffff\n', at: [] },
    { about: 'a BIOS drive under ISOLINUX', text: 'LABEL a\n LOCALBOOT 0x80\n', at: [], options: { loader: 'isolinux' } },
  ],
  'pxelinux/menu-default-twice': [
    { about: 'two in one menu', text: 'LABEL a\n MENU DEFAULT\nLABEL b\n MENU DEFAULT\n', at: ['2:2'] },
    { about: 'one in each', text: 'LABEL a\n MENU DEFAULT\nMENU BEGIN\nLABEL b\n MENU DEFAULT\nMENU END\n', at: [] },
  ],
  'pxelinux/missing-file': [
    { about: 'a kernel', text: LABEL, at: ['2:9'], options: { tree: tree() } },
    { about: 'an initrd of several', text: `${LABEL} INITRD a.img,b.img\n`, at: ['3:15'], options: { tree: tree('k', 'a.img') } },
    { about: 'an initrd in APPEND', text: `${LABEL} APPEND quiet initrd=b.img\n`, at: ['3:22'], options: { tree: tree('k') } },
    { about: 'a picture and an include', text: 'MENU BACKGROUND a.png\nINCLUDE x.cfg\n', at: ['1:17', '2:9'], options: { tree: tree() } },
    { about: 'what is there', text: 'LABEL a\n KERNEL /boot//k\n', at: [], options: { tree: tree('boot/k') } },
    {
      about: 'other servers and templates',
      text: 'LABEL a\n KERNEL http://h/k\nLABEL b\n KERNEL %K%\n',
      at: [],
      options: { tree: tree() },
    },
    { about: 'anything without a tree', text: LABEL, at: [] },
    {
      about: 'names beside an ISOLINUX configuration',
      text: LABEL,
      at: [],
      options: { tree: tree('isolinux/k'), loader: 'isolinux', file: 'isolinux/isolinux.cfg' },
    },
  ],
  'pxelinux/missing-loader': [
    { about: 'a tree without it', text: LABEL, at: ['1:1'], options: { tree: tree('k'), file: '::pxelinux.cfg/default' } },
    { about: 'a tree with it', text: LABEL, at: [], options: { tree: tree('ldlinux.c32') } },
    {
      about: 'the folder of the boot file',
      text: LABEL,
      at: [],
      options: { tree: tree('boot/ldlinux.e64'), file: '::boot/pxelinux.cfg/default' },
    },
    {
      about: 'the folders of a CD',
      text: LABEL,
      at: [],
      options: { tree: tree('isolinux/ldlinux.c32'), loader: 'isolinux', file: '/x/isolinux.cfg' },
    },
    { about: 'version 4, which has none', text: LABEL, at: [], options: { tree: tree(), version: 4 } },
    { about: 'extlinux, which may be U-Boot', text: LABEL, at: [], options: { tree: tree(), loader: 'extlinux' } },
    { about: 'anything without a tree', text: LABEL, at: [] },
  ],
  'pxelinux/missing-module': [
    { about: 'a module', text: 'UI menu.c32\n', at: ['1:4'], options: { tree: tree() } },
    { about: 'a library', text: 'UI menu.c32\n', at: ['1:4'], options: { tree: tree('menu.c32') } },
    { about: 'a library beside the module', text: 'UI m/menu.c32\n', at: ['1:4'], options: { tree: tree('m/menu.c32', 'm/libutil.c32') } },
    { about: 'a library in PATH', text: 'PATH m\nUI m/menu.c32\n', at: [], options: { tree: tree('m/menu.c32', 'm/libutil.c32') } },
    { about: 'libraries in version 4', text: 'UI menu.c32\n', at: [], options: { tree: tree('menu.c32'), version: 4 } },
    { about: 'an entry\u2019s module', text: 'LABEL a\n COM32 reboot\n', at: ['2:8'], options: { tree: tree() } },
  ],
  'pxelinux/missing-value': [
    { about: 'no kernel', text: 'LABEL a\n KERNEL\n', at: ['2:2'] },
    { about: 'all there', text: LABEL, at: [] },
  ],
  'pxelinux/nohalt-blank': [
    { about: 'one blank', text: 'NOHALT 1\n', at: ['1:1'], fixed: 'NOHALT  1\n' },
    { about: 'two blanks', text: 'NOHALT  1\n', at: [] },
  ],
  'pxelinux/options-too-long': [
    { about: '2048 bytes', text: `${LABEL} APPEND ${'x'.repeat(2046)}\n`, at: ['3:9'] },
    { about: '2047 bytes', text: `${LABEL} APPEND ${'x'.repeat(2045)}\n`, at: [] },
  ],
  'pxelinux/outside-label': [
    { about: 'a kernel at the top', text: 'KERNEL k\n', at: ['1:1'] },
    { about: 'a kernel in a label', text: LABEL, at: [] },
  ],
  'pxelinux/serial-comma': [
    { about: 'commas', text: 'SERIAL 0,115200\n', at: ['1:8'], fixed: 'SERIAL 0 115200\n' },
    { about: 'blanks', text: 'SERIAL 0 115200 0x303\n', at: [] },
  ],
  'pxelinux/sysappend-local': [
    { about: 'both', text: 'LABEL a\n LOCALBOOT -1\n IPAPPEND 2\n', at: ['3:2'] },
    { about: 'with a kernel', text: `${LABEL} IPAPPEND 2\n`, at: [] },
  ],
  'pxelinux/text-not-closed': [
    { about: 'no ENDTEXT', text: `${LABEL} TEXT HELP\n help\n`, at: ['3:2'] },
    { about: 'a closed block', text: `${LABEL} TEXT HELP\n help\n ENDTEXT\n`, at: [] },
  ],
  'pxelinux/timeout-seconds': [
    { about: 'five tenths', text: 'TIMEOUT 5\n', at: ['1:9'], fixed: 'TIMEOUT 50\n' },
    { about: 'five seconds', text: 'TIMEOUT 50\n', at: [] },
    { about: 'no timeout', text: 'TIMEOUT 0\n', at: [] },
  ],
  'pxelinux/uboot-append': [
    { about: 'an empty one', text: `${LABEL} APPEND\n`, at: ['3:2'], options: UBOOT },
    { about: 'a global one', text: `APPEND x\n${LABEL}`, at: ['1:1'], options: UBOOT },
    { about: 'initrd= at its end', text: `${LABEL} APPEND quiet initrd=i\n`, at: ['3:9'], options: UBOOT },
    { about: 'INITRD before it', text: `${LABEL} INITRD i\n APPEND quiet initrd=i\n`, at: [], options: UBOOT },
    { about: 'anything when U-Boot is not asked for', text: `${LABEL} APPEND\n`, at: [] },
  ],
  'pxelinux/uboot-label-end': [
    { about: 'SYSAPPEND before APPEND', text: `${LABEL} SYSAPPEND 2\n APPEND x\n`, at: ['3:2'], options: UBOOT },
    { about: 'SYSAPPEND at the end', text: `${LABEL} APPEND x\n SYSAPPEND 2\n`, at: [], options: UBOOT },
  ],
  'pxelinux/uboot-line-end': [
    { about: 'CRLF', text: 'LABEL a\r\n KERNEL k\r\n', at: ['1:8'], fixed: LABEL, options: UBOOT },
    { about: 'LF', text: LABEL, at: [], options: UBOOT },
  ],
  'pxelinux/uboot-module': [
    { about: 'a module as kernel', text: 'LABEL a\n KERNEL reboot.c32\n', at: ['2:9'], options: UBOOT },
    { about: 'a menu', text: `DEFAULT menu.c32\n${LABEL}`, at: ['1:9'], options: UBOOT },
    { about: 'a kernel', text: LABEL, at: [], options: UBOOT },
  ],
  'pxelinux/uboot-rejects': [
    { about: 'a missing include', text: `INCLUDE x\n${LABEL}`, at: ['1:1'], options: UBOOT },
    { about: 'a healthy file', text: LABEL, at: [], options: UBOOT },
  ],
  'pxelinux/unknown-directive': [
    { about: 'a slip', text: 'promt 0\n', at: ['1:1'], fixed: 'prompt 0\n' },
    { about: 'a slip after MENU', text: 'MENU TITEL x\n', at: ['1:1'], fixed: 'MENU TITLE x\n' },
    { about: 'another program\u2019s line', text: 'menuentry "x" {\n', at: ['1:1'] },
    { about: 'initrd= as a directive', text: 'LABEL a\n initrd=i.img\n', at: ['2:2'], fixed: 'LABEL a\n initrd i.img\n' },
    { about: 'U-Boot\u2019s', text: `${LABEL} FDT x.dtb\n`, at: ['3:2'] },
    { about: 'U-Boot\u2019s for U-Boot', text: `${LABEL} FDT x.dtb\n`, at: [], options: { engines: ['uboot'] } },
    { about: 'a comment', text: '# promt\n', at: [] },
  ],
  'pxelinux/unknown-tag': [
    { about: 'a tag of no menu', text: 'LABEL a\n MENU GOTO x\n', at: ['2:12'] },
    { about: 'a menu\u2019s tag', text: 'LABEL a\n MENU GOTO x\nMENU BEGIN x\nMENU END\n', at: [] },
    { about: 'the first menu', text: 'LABEL a\n MENU GOTO .top\n', at: [] },
    { about: 'MENU EXIT in the first menu', text: 'LABEL a\n MENU EXIT\nMENU BEGIN x\nMENU END\n', at: ['2:2'] },
  ],
};

for (const { code } of RULES) {
  describe(code, () => {
    for (const { about, text, at, fixed, options = {} } of EXAMPLES[code]) {
      it(`${at.length > 0 ? 'finds' : 'says nothing about'} ${about}`, () => {
        const document = parse(text);
        const found = lint(document, options).filter((diagnostic) => diagnostic.code === code);
        expect(found.map(({ range: { start } }) => `${start.line}:${start.column}`)).toEqual(at);
        if (fixed !== undefined) expect(serialize(applyFixes(document, found))).toBe(fixed);
        expect(found.some(({ fix }) => fix) && fixed === undefined, 'a fix without an expectation').toBe(false);
      });
    }
  });
}

it('every rule has an example that it finds and one that it does not', () => {
  for (const { code } of RULES) {
    expect(
      EXAMPLES[code].some(({ at }) => at.length > 0),
      code,
    ).toBe(true);
    expect(
      EXAMPLES[code].some(({ at }) => at.length === 0),
      code,
    ).toBe(true);
  }
});
