// Records what the real menu.c32 draws: boots every case of menus.json in QEMU and writes the serial output back.
//
//   node packages/pxelinux/conformance/record-menus.mjs [NAME...]
//
// Needs qemu-system-x86_64 and Debian's packages pxelinux and syslinux-common. About fifteen seconds for each case.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const SECONDS = 14;
/** How menu.c32 begins a screen. */
const CLEAR = '\u001be\u001b%@';
const file = new URL('menus.json', import.meta.url);
const menus = JSON.parse(readFileSync(file, 'utf8'));
const names = process.argv.slice(2);

for (const menu of menus.filter(({ name }) => names.length === 0 || names.includes(name))) {
  menu.serial = await record(menu.config);
  console.log(`${menu.name}: ${menu.serial.length} bytes`);
  writeFileSync(file, `${JSON.stringify(menus, null, 2)}\n`);
}

async function record(config) {
  const root = mkdtempSync(join(tmpdir(), 'pxekit-menu-'));
  mkdirSync(join(root, 'pxelinux.cfg'));
  writeFileSync(join(root, 'pxelinux.cfg/default'), `SERIAL 0 115200\nUI menu.c32\n${config}`);
  copyFileSync('/usr/lib/PXELINUX/pxelinux.0', join(root, 'pxelinux.0'));
  for (const module of ['ldlinux.c32', 'menu.c32', 'libutil.c32']) {
    copyFileSync(join('/usr/lib/syslinux/modules/bios', module), join(root, module));
  }
  const machine = spawn('qemu-system-x86_64', [
    ...'-accel tcg -m 64 -display none -monitor none -boot n -device e1000,netdev=net'.split(' '),
    ...['-netdev', `user,id=net,tftp=${root},bootfile=pxelinux.0`, '-serial', `file:${join(root, 'serial')}`],
  ]);
  await setTimeout(SECONDS * 1000);
  machine.kill('SIGKILL');
  const serial = readFileSync(join(root, 'serial')).toString('latin1');
  rmSync(root, { recursive: true });
  return serial.slice(serial.indexOf(CLEAR));
}
