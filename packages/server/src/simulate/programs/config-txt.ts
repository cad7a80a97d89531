/** What the firmware of a Raspberry Pi takes from `config.txt` for a boot. */
export interface ConfigTxt {
  /** Name without the prefix; `undefined` for the first of the usual names. */
  kernel: string | undefined;
  initramfs: string[];
  cmdline: string;
  /** Put in front of kernel, initramfs and command line (`os_prefix`). */
  prefix: string;
  is64Bit: boolean | undefined;
}

/** Reads `config.txt`. Lines under a filter for another model (`[pi3]` on a Pi 4) do not count; filters that cannot be known do neither. */
export function parseConfigTxt(text: string, model: 'pi3' | 'pi4'): ConfigTxt {
  const found: ConfigTxt = { kernel: undefined, initramfs: [], cmdline: 'cmdline.txt', prefix: '', is64Bit: undefined };
  let counts = true;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/#.*/, '').trim();
    const filter = /^\[(.*)\]$/.exec(line)?.[1];
    if (filter !== undefined) counts = filter === 'all' || filter === model;
    else if (counts) read(line, found);
  }
  return found;
}

function read(line: string, found: ConfigTxt): void {
  const initramfs = /^initramfs\s+(\S+)/.exec(line)?.[1] ?? /^ramfsfile\s*=\s*(\S+)/.exec(line)?.[1];
  if (initramfs !== undefined) {
    found.initramfs = initramfs.split(',');
    return;
  }
  const [, name, value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
  if (name === 'kernel') found.kernel = value;
  else if (name === 'cmdline') found.cmdline = value;
  else if (name === 'os_prefix') found.prefix = value;
  else if (name === 'arm_64bit') found.is64Bit = value !== '0';
}
