import { machineEntry, machineListing, nameListing, timeVal, unixListing } from './listing.js';
import type { FtpEntry, FtpFile, FtpFolder, FtpTree } from './tree.js';

/** What the shell around a session has to do, in order. */
export type FtpAction =
  | { do: 'reply'; text: string }
  /** Open a data port and answer with `passiveOpened`. */
  | { do: 'passive'; extended: boolean }
  /** Send this over the data connection and answer with `transferEnded`. */
  | { do: 'send'; command: string; path: string; content: { file: FtpFile; start: number } | { text: string } }
  | { do: 'abort' }
  | { do: 'close' };

/** Where a passive data port was opened: the address of the control connection on this side, and the port. */
export interface PassiveEndpoint {
  address: string;
  port: number;
}

const FEATURES = ['EPSV', 'MDTM', 'MLST type*;modify*;perm*;size*;', 'PASV', 'REST STREAM', 'SIZE', 'TVFS', 'UTF8'];
const WRITES = new Set(['STOR', 'STOU', 'APPE', 'DELE', 'RMD', 'XRMD', 'MKD', 'XMKD', 'RNFR', 'RNTO', 'SITE', 'MFMT']);
const BEFORE_LOGIN = new Set(['USER', 'PASS', 'QUIT', 'FEAT', 'OPTS', 'SYST', 'NOOP', 'HELP', 'AUTH']);
const ANONYMOUS = new Set(['anonymous', 'ftp']);

/**
 * One control connection of a read-only, anonymous FTP server (RFC 959, 1123 section 4.1, 2428, 3659), without I/O:
 * lines go in, actions come out.
 *
 * There is no active mode: a server that connects to where it is told can be turned against others (RFC 2577).
 * Files are sent byte for byte in both types, as vsftpd does unless told otherwise.
 */
export class FtpSession {
  readonly #tree: FtpTree;
  #user: string | undefined;
  #loggedIn = false;
  #folder: string[] = [];
  #restart = 0;
  #dataPort = false;
  #extendedOnly = false;
  #transferring = false;

  constructor(tree: FtpTree) {
    this.#tree = tree;
  }

  greet(): FtpAction[] {
    return [reply(220, 'Ready. Anonymous read-only access.')];
  }

  /** Handles one command line, without its line end. `now` in milliseconds since 1970. */
  receive(line: string, now: number): FtpAction[] {
    const blank = line.indexOf(' ');
    const command = (blank === -1 ? line : line.slice(0, blank)).toUpperCase();
    const argument = blank === -1 ? '' : line.slice(blank + 1);
    if (!this.#loggedIn && !BEFORE_LOGIN.has(command)) return [reply(530, 'Log in with USER anonymous first.')];
    if (WRITES.has(command)) return [reply(550, 'This server is read-only.')];
    if (this.#transferring && !['ABOR', 'QUIT', 'STAT', 'NOOP'].includes(command)) {
      return [reply(425, 'A transfer is under way.')];
    }
    switch (command) {
      case 'USER':
        return this.#login(argument);
      case 'PASS':
        return this.#password();
      case 'QUIT':
        return [reply(221, 'Goodbye.'), { do: 'close' }];
      case 'NOOP':
        return [reply(200, 'Still here.')];
      case 'SYST':
        return [reply(215, 'UNIX Type: L8')];
      case 'FEAT':
        return [{ do: 'reply', text: `211-Features:\r\n${FEATURES.map((each) => ` ${each}\r\n`).join('')}211 End\r\n` }];
      case 'OPTS':
        return [/^(UTF-?8( ON)?|MLST\b.*)$/i.test(argument) ? reply(200, 'Always on.') : reply(501, 'No such option.')];
      case 'HELP':
        return [reply(214, 'USER PASS CWD CDUP PWD TYPE PASV EPSV REST RETR SIZE MDTM LIST NLST MLSD MLST ABOR QUIT')];
      case 'AUTH':
      case 'PORT':
      case 'EPRT':
        return [reply(502, command === 'AUTH' ? 'No encryption here.' : 'Passive mode only: use PASV or EPSV.')];
      case 'TYPE':
        return [
          /^([AI]( N)?|L 8)$/i.test(argument) ? reply(200, `Type set to ${argument.toUpperCase()}.`) : reply(504, 'Types are A and I.'),
        ];
      case 'MODE':
        return [/^S$/i.test(argument) ? reply(200, 'Mode set to S.') : reply(504, 'The only mode is S.')];
      case 'STRU':
        return [/^F$/i.test(argument) ? reply(200, 'Structure set to F.') : reply(504, 'The only structure is F.')];
      case 'ALLO':
        return [reply(202, 'Not needed.')];
      case 'PWD':
      case 'XPWD':
        return [reply(257, `"${pathOf(this.#folder).replaceAll('"', '""')}" is the current folder.`)];
      case 'CWD':
      case 'XCWD':
        return this.#changeFolder(argument);
      case 'CDUP':
      case 'XCUP':
        return this.#changeFolder('..');
      case 'PASV':
        if (this.#extendedOnly) return [reply(503, 'EPSV ALL was given.')];
        return [{ do: 'passive', extended: false }];
      case 'EPSV':
        return this.#extendedPassive(argument);
      case 'REST':
        if (!/^\d{1,15}$/.test(argument)) return [reply(501, 'REST takes a number of bytes.')];
        this.#restart = Number(argument);
        return [reply(350, `The next RETR starts at ${argument}.`)];
      case 'RETR':
        return this.#retrieve(argument);
      case 'SIZE':
        return this.#withFile(argument, (file) => reply(213, String(file.size)));
      case 'MDTM':
        return this.#withFile(argument, (file) => reply(213, timeVal(file.modified)));
      case 'LIST':
      case 'NLST':
      case 'MLSD':
        return this.#list(command, argument, now);
      case 'MLST':
        return this.#facts(argument);
      case 'STAT':
        return [reply(211, this.#transferring ? 'A transfer is under way.' : 'No transfer is under way.')];
      case 'ABOR':
        return this.#abort();
      default:
        return [reply(500, 'Unknown command.')];
    }
  }

  /** The shell opened a data port, or could not. */
  passiveOpened(endpoint: PassiveEndpoint | undefined, extended: boolean): FtpAction[] {
    this.#dataPort = endpoint !== undefined;
    if (endpoint === undefined) return [reply(425, 'No data port is free; try again later.')];
    const { address, port } = endpoint;
    if (extended) return [reply(229, `Entering extended passive mode (|||${port}|)`)];
    if (!address.includes('.')) return [reply(522, 'PASV is for IPv4 only: use EPSV.')];
    return [reply(227, `Entering passive mode (${address.replaceAll('.', ',')},${port >> 8},${port & 255}).`)];
  }

  /** The data connection was closed after everything was sent, or failed. */
  transferEnded(outcome: 'complete' | 'failed' | 'not-connected'): FtpAction[] {
    if (!this.#transferring) return [];
    this.#transferring = false;
    this.#dataPort = false;
    if (outcome === 'complete') return [reply(226, 'Transfer complete.')];
    return [outcome === 'failed' ? reply(426, 'The transfer was cut off.') : reply(425, 'Nobody connected to the data port.')];
  }

  #login(user: string): FtpAction[] {
    this.#loggedIn = false;
    this.#user = user;
    return [reply(331, ANONYMOUS.has(user.toLowerCase()) ? 'Any password will do.' : 'Password?')];
  }

  #password(): FtpAction[] {
    if (this.#user === undefined) return [reply(503, 'USER comes first.')];
    this.#loggedIn = ANONYMOUS.has(this.#user.toLowerCase());
    return [this.#loggedIn ? reply(230, 'Logged in.') : reply(530, 'Only anonymous access is offered.')];
  }

  #parts(argument: string): string[] {
    const parts = argument.startsWith('/') ? [] : [...this.#folder];
    for (const part of argument.split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '' && part !== '.') parts.push(part);
    }
    return parts;
  }

  #find(argument: string): { path: string; found: FtpFile | FtpFolder | undefined } {
    const path = pathOf(this.#parts(argument));
    return { path, found: path.includes('\0') ? undefined : this.#tree.find(path) };
  }

  #changeFolder(argument: string): FtpAction[] {
    const parts = this.#parts(argument);
    if (this.#find(argument).found?.kind !== 'folder') return [reply(550, 'No such folder.')];
    this.#folder = parts;
    return [reply(250, 'Folder changed.')];
  }

  #extendedPassive(argument: string): FtpAction[] {
    if (/^ALL$/i.test(argument)) {
      this.#extendedOnly = true;
      return [reply(200, 'EPSV only from now on.')];
    }
    if (argument !== '' && argument !== '1' && argument !== '2') return [reply(522, 'Network protocols are (1,2).')];
    return [{ do: 'passive', extended: true }];
  }

  #withFile(argument: string, answer: (file: FtpFile) => FtpAction): FtpAction[] {
    const { found } = this.#find(argument);
    return [found?.kind === 'file' ? answer(found) : reply(550, 'No such file.')];
  }

  #retrieve(argument: string): FtpAction[] {
    const start = this.#restart;
    this.#restart = 0;
    const { path, found } = this.#find(argument);
    if (found?.kind !== 'file') return [reply(550, 'No such file.')];
    if (start > found.size) return [reply(554, `The file has ${found.size} bytes only.`)];
    return this.#send('RETR', path, { file: found, start }, `${found.size - start} bytes`);
  }

  #list(command: string, argument: string, now: number): FtpAction[] {
    // Clients put the options of `ls` before the name: `LIST -la images`.
    const name = command === 'MLSD' ? argument : argument.replace(/^(-\S+ *)+/, '');
    const { path, found } = this.#find(name);
    if (found === undefined || (command === 'MLSD' && found.kind === 'file')) return [reply(550, 'No such folder.')];
    const entries = found.kind === 'folder' ? found.entries() : [entryOf(path, found)];
    // A name with a line end would break the listing into lies.
    const sound = entries.filter((entry) => !/[\r\n]/.test(entry.name));
    const text = command === 'LIST' ? unixListing(sound, now) : command === 'NLST' ? nameListing(sound) : machineListing(sound);
    return this.#send(command, path, { text }, `${sound.length} entries`);
  }

  #facts(argument: string): FtpAction[] {
    const { path, found } = this.#find(argument);
    if (found === undefined) return [reply(550, 'No such file or folder.')];
    const entry = { ...entryOf(path, found), name: path };
    return [{ do: 'reply', text: `250-Facts:\r\n ${machineEntry(entry)}\r\n250 End\r\n` }];
  }

  #send(command: string, path: string, content: Extract<FtpAction, { do: 'send' }>['content'], what: string): FtpAction[] {
    if (!this.#dataPort) return [reply(425, 'Use PASV or EPSV first.')];
    this.#transferring = true;
    return [reply(150, `Sending ${what}.`), { do: 'send', command, path, content }];
  }

  #abort(): FtpAction[] {
    if (!this.#transferring) return [reply(226, 'Nothing to abort.')];
    this.#transferring = false;
    this.#dataPort = false;
    return [{ do: 'abort' }, reply(426, 'The transfer was cut off.'), reply(226, 'Aborted.')];
  }
}

function reply(code: number, text: string): FtpAction {
  return { do: 'reply', text: `${code} ${text}\r\n` };
}

function pathOf(parts: readonly string[]): string {
  return `/${parts.join('/')}`;
}

function entryOf(path: string, found: FtpFile | FtpFolder): FtpEntry {
  const isFolder = found.kind === 'folder';
  return { name: path.slice(path.lastIndexOf('/') + 1), isFolder, size: isFolder ? 0 : found.size, modified: found.modified };
}
