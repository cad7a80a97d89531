import type { Client, CoreEvent, CoreMenu, CoreModel, Menu, Origin, SerialSettings } from '../model.js';
import type { Reading, SourceText } from './include.js';
import type { MenuSet } from './menus.js';
import { toMilliseconds } from './settings.js';
import { type Directives, readSyslinux, type Statement, SyslinuxState, upToNul } from './syslinux.js';
import { digitValue, LineReader, readInteger, readUnsigned, skipSpace } from './text.js';

/** I/O addresses of the ports 0 to 3. */
const SERIAL_PORTS = [0x3f8, 0x2f8, 0x3e8, 0x2e8] as const;
const MAX_FILE_NAME = 255;

/** What the core (ldlinux.c32) makes of a file. */
export function* evaluateCore(source: SourceText, client: Client | undefined): Reading<CoreModel> {
  return (yield* readCore(source, client)).model;
}

/** {@link evaluateCore}, with the labels in the order the core looks them up. */
export function* readCore({ file, text }: SourceText, client: Client | undefined): Reading<{ model: CoreModel; menus: MenuSet }> {
  const state = new SyslinuxState('core', [file], client);
  const { menus, origins } = state;
  let defaultLevel: CoreModel['defaultLevel'] = 0;
  let defaultCmd: string | null = null;
  let ontimeout: string | null = null;
  let onerror: string | null = null;
  let timeoutMs = 0;
  let pxeretry = 0;
  let nohalt = 0;
  const flags = { prompt: 0, noescape: 0, nocomplete: 0, implicit: 1, allowoptions: 1, console: 1 };
  const serial: SerialSettings = { port: 0, divisor: 0, flowOut: 0, flowIn: 0, flowIgnore: 0 };
  const events: CoreEvent[] = [];
  const record = (event: CoreEvent, origin: Origin) => {
    origins[`events.${events.length}`] = origin;
    events.push(event);
  };

  const menuDirectives: Directives = ({ line, word, value, origin }) => {
    if (word === 'onerror') {
      onerror = line.slice(value);
      origins.onerror = origin;
    }
    return false;
  };

  const directives: Directives = (statement, { menu }) => {
    const { line, word, value, origin } = statement;
    const rest = line.slice(value);
    switch (word) {
      case 'default':
        if (defaultLevel === 2) return true;
        defaultLevel = 1;
        defaultCmd = rest;
        origins.defaultCmd = origin;
        return true;
      case 'ui':
        defaultLevel = 2;
        defaultCmd = rest;
        origins.defaultCmd = origin;
        return true;
      case 'timeout':
        timeoutMs = toMilliseconds(readInteger(line, value));
        origins.timeoutMs = origin;
        return true;
      case 'ontimeout':
        ontimeout = rest;
        origins.ontimeout = origin;
        return true;
      case 'onerror':
        onerror = rest;
        menu.onerror = rest;
        origins.onerror = origin;
        menu.origins.onerror = origin;
        return true;
      case 'prompt':
      case 'noescape':
      case 'nocomplete':
      case 'implicit':
      case 'console':
        flags[word] = readInteger(line, value);
        origins[word] = origin;
        return true;
      case 'allowoptions':
        flags.allowoptions = readInteger(line, value) === 0 ? 0 : 1;
        origins.allowoptions = origin;
        return true;
      case 'nohalt':
        // 6.04 looks for the number two bytes too far on, so `NOHALT 1` with one blank is 0.
        nohalt = readInteger(line, statement.start + 'nohalt'.length + 2);
        origins.nohalt = origin;
        return true;
      case 'pxeretry':
        pxeretry = readInteger(line, value) & 0xffff;
        origins.pxeretry = origin;
        return true;
      case 'serial':
        readSerial(line, value, serial);
        origins.serial = origin;
        return true;
      case 'display':
        state.display = fileName(rest);
        record({ display: state.display }, origin);
        return true;
      case 'font':
        state.display = fileName(rest);
        record({ font: state.display }, origin);
        return true;
      case 'kbdmap':
        state.display = rest;
        record({ kbdmap: rest }, origin);
        return true;
      case 'path':
        record({ path: rest }, origin);
        return true;
      case 'say':
        record({ say: said(statement) }, origin);
        return true;
      default:
        return false;
    }
  };

  yield* readSyslinux(state, new LineReader(file, text), 0, menuDirectives, directives);
  state.record(menus.current);
  menus.resolveTargets();
  if (state.globalDefault) menus.selectDefault(state.globalDefault.value, state.globalDefault.origin);
  if (state.globalDefault) origins.globalDefault = state.globalDefault.origin;
  if (state.globalAppend) origins.globalAppend = state.globalAppend.origin;
  if (state.globalSysappend) origins.sysappend = state.globalSysappend.origin;
  const { files, missing } = state.includes;
  const model: CoreModel = {
    engine: 'ldlinux-core',
    files,
    missing,
    defaultLevel,
    defaultCmd,
    globalDefault: state.globalDefault?.value ?? null,
    ontimeout,
    onerror,
    ...flags,
    nohalt,
    timeoutMs,
    totalTimeoutMs: state.totalTimeoutMs,
    sysappend: state.globalSysappend?.value ?? 0,
    pxeretry,
    serial,
    events,
    globalAppend: state.globalAppend?.value ?? null,
    hidden: state.hidden,
    shiftkey: state.shiftkey,
    startMenu: menus.start.index,
    menus: menus.finish().map(coreMenu),
    origins,
  };
  return { model, menus };
}

/** The core keeps timeout and editing file-wide, not per menu. */
function coreMenu({ timeoutMs, allowEdit, immediate, ...menu }: Menu): CoreMenu {
  return menu;
}

/** A file name ends at the first blank and at 255 bytes. */
function fileName(text: string): string {
  let end = 0;
  while (end < text.length && end < MAX_FILE_NAME && text.charCodeAt(end) > 0x20) end++;
  return text.slice(0, end);
}

/** What SAY prints: everything from the second byte after the word on. A carriage return right after the word hides nothing. */
function said({ reader, line, start }: Statement): string {
  const from = start + 'say'.length + 1;
  return from <= line.length ? line.slice(from) : upToNul(reader.piece.slice(from));
}

/** `SERIAL port baud flow`. Only letters and digits carry from one number to the next: `1,38400` keeps the 9600 baud. */
function readSerial(line: string, at: number, serial: SerialSettings): void {
  const isWord = (i: number) => digitValue(line.charCodeAt(i)) < 36;
  const skipWord = (i: number) => {
    let end = i;
    while (isWord(end)) end++;
    return skipSpace(line, end);
  };
  const port = readUnsigned(line, at, 0);
  let p = skipWord(port.end);
  let baud = 9600;
  serial.flowOut = 0;
  serial.flowIn = 0;
  if (isWord(p)) {
    baud = readInteger(line, p) >>> 0;
    p = skipWord(p);
    const flow = isWord(p) ? readUnsigned(line, p, 0).value : 0;
    serial.flowIgnore = (flow & 0x0f00) >> 4;
    serial.flowOut = flow & 0x0b;
    serial.flowIn = flow & 0xf0;
  }
  if (baud < 75) {
    serial.port = 0;
    return;
  }
  serial.divisor = Math.trunc(115200 / baud) & 0xffff;
  const number = port.value & 0xffff;
  serial.port = SERIAL_PORTS[number] ?? number;
}
