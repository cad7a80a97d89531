import type { ConfigInput } from '../config/schema.js';
import type { ImportedStatement, ImportProblem, ImportResult, Outcome, Verdict } from './report.js';

type Tftp = Exclude<NonNullable<ConfigInput['tftp']>, false>;

/** Attributes of xinetd that a server of its own has no use for. */
const NOT_NEEDED: Record<string, string> = {
  socket_type: 'TFTP is always datagrams',
  protocol: 'TFTP is always UDP',
  wait: 'the server runs by itself',
  server: 'the TFTP server is part of pxekit',
  cps: 'requests wait their turn instead of being turned away',
  instances: 'see tftp.maxTransfers',
  flags: 'the server listens on the address of the configuration',
  group: 'the group of `user`',
  id: 'there is one TFTP service',
  log_type: 'events go to one log',
  log_on_success: 'every transfer is an event',
  log_on_failure: 'every failure is an event',
  nice: 'set it in the service manager',
};

/** Turns `/etc/xinetd.d/tftp` into a part of `pxekit.yaml`. */
export function importXinetd(text: string): ImportResult {
  const statements: ImportedStatement[] = [];
  const problems: ImportProblem[] = [];
  const tftp: Tftp = {};
  const config: ConfigInput = { tftp };
  let service: string | undefined;
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1;
    const statement = raw.trim();
    const say = (verdict: Verdict, note: string) => void statements.push({ line, statement, verdict, note });
    if (statement === '' || statement.startsWith('#') || statement === '{' || statement === '}') continue;
    const header = /^(?:service\s+(\S+)|defaults)\s*\{?$/i.exec(statement);
    if (header) {
      service = header[1] ?? 'defaults';
      say(service === 'tftp' ? 'kept' : 'unsupported', service === 'tftp' ? 'tftp' : 'only the tftp service is carried over');
      continue;
    }
    const attribute = /^(\w+)\s*[+-]?=\s*(.*)$/.exec(statement);
    if (!attribute) {
      problems.push({ line, column: raw.search(/\S/) + 1, code: 'import/syntax', message: 'Expected "attribute = value".' });
      say('unsupported', 'not an attribute');
    } else if (service === 'tftp') {
      say(...setAttribute(config, tftp, (attribute[1] as string).toLowerCase(), attribute[2] as string));
    } else say('unsupported', 'only the tftp service is carried over');
  }
  if (config.tftp !== false && Object.keys(tftp).length === 0) delete config.tftp;
  return { config, statements, problems };
}

function setAttribute(config: ConfigInput, tftp: Tftp, name: string, value: string): Outcome {
  switch (name) {
    case 'disable':
      if (/^yes$/i.test(value)) config.tftp = false;
      return ['kept', /^yes$/i.test(value) ? 'tftp: false' : 'tftp is on unless it says `false`'];
    case 'server_args':
      return setArguments(tftp, value);
    case 'per_source': {
      const limit = Number(value);
      if (!Number.isInteger(limit) || limit < 1) return ['not-needed', 'no limit is the default'];
      tftp.maxTransfersPerClient = limit;
      return ['kept', 'tftp.maxTransfersPerClient'];
    }
    case 'port': {
      const port = Number(value);
      if (!Number.isInteger(port) || port < 1 || port > 65_535) return ['unsupported', 'expected a port number'];
      tftp.port = port;
      return ['kept', 'tftp.port'];
    }
    case 'user':
      if (value === 'root') return ['not-needed', 'root is needed to open the ports only; set `user` to drop it'];
      config.user = value;
      return ['kept', 'user'];
    default:
      if (NOT_NEEDED[name] !== undefined) return ['not-needed', NOT_NEEDED[name]];
      return ['unsupported', `attribute ${name} is not carried over`];
  }
}

/** The arguments of tftpd-hpa's `in.tftpd`. */
function setArguments(tftp: Tftp, value: string): Outcome {
  const notes: string[] = [];
  let verdict: Verdict = 'kept';
  const weaken = (to: Verdict, note: string) => {
    verdict = to === 'unsupported' || verdict === 'kept' ? to : verdict;
    notes.push(note);
  };
  const words = value.split(/\s+/).filter((word) => word !== '');
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '-s' || word === '--secure') {
      const folder = words[at + 1];
      if (folder?.startsWith('/')) {
        tftp.root = folder;
        notes.push('-s: tftp.root');
        at++;
      } else notes.push('-s: the root is never left');
    } else if (word === '-c' || word === '--create') {
      tftp.uploads = true;
      notes.push('-c: tftp.uploads');
    } else if (word === '-B' || word === '--blocksize') {
      tftp.maxBlockSize = Number(words[++at]);
      notes.push('-B: tftp.maxBlockSize');
    } else if (/^-([lLvp46]|vv+)$|^--(verbose|listen|foreground|permissive|ipv4|ipv6)$/.test(word)) {
      weaken('changed', `${word}: not needed`);
    } else if (/^-[amurtTPR]$|^--(address|map-file|user|refuse|timeout|retransmit|pidfile|port-range|verbosity)$/.test(word)) {
      weaken('unsupported', `${word} ${words[++at] ?? ''}: not carried over`);
    } else if (word.startsWith('/')) {
      tftp.root ??= word;
      notes.push(`${word}: tftp.root`);
    } else weaken('unsupported', `${word}: not known here`);
  }
  if (!tftp.uploads) notes.push('without -c nothing is written: uploads stay off');
  return [verdict, notes.join('; ')];
}
