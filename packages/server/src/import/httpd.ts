import type { ConfigInput } from '../config/schema.js';
import type { ImportedStatement, ImportProblem, ImportResult, Outcome, Verdict } from './report.js';

type Aliased = Exclude<NonNullable<ConfigInput['http']>, false> & { aliases: Record<string, string> };

/** What a server of boot files answers by itself. */
const NOT_NEEDED: Record<string, string> = {
  allow: 'limit access with a firewall or bind to one interface',
  allowoverride: 'there are no .htaccess files',
  deny: 'limit access with a firewall or bind to one interface',
  directoryindex: 'folders are always listed',
  indexoptions: 'folders are always listed',
  keepalive: 'connections are always kept',
  loadmodule: 'there are no modules',
  options: 'folders are always listed, and links stay inside their folder',
  order: 'limit access with a firewall or bind to one interface',
  require: 'limit access with a firewall or bind to one interface',
  satisfy: 'limit access with a firewall or bind to one interface',
  serveradmin: 'no page names an administrator',
  servername: 'machines use the address of the server',
};

/** Turns `DocumentRoot`, `Alias`, `Directory` and `Listen` of an Apache configuration into a part of `pxekit.yaml`. */
export function importHttpd(text: string): ImportResult {
  const statements: ImportedStatement[] = [];
  const problems: ImportProblem[] = [];
  const http: Aliased = { aliases: {} };
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const line = index + 1;
    const statement = raw.trim();
    const say = (verdict: Verdict, note: string) => void statements.push({ line, statement, verdict, note });
    if (statement === '' || statement.startsWith('#')) continue;
    if (statement.startsWith('</')) continue;
    const section = /^<(\w+)\s*(.*?)>$/.exec(statement);
    if (section) {
      const known = /^(directory|files|location|ifmodule|virtualhost|limit)$/i.test(section[1] as string);
      say(known ? 'not-needed' : 'unsupported', known ? 'what is aliased is served, read-only' : `section ${section[1]} is not known here`);
      continue;
    }
    const [keyword = '', ...values] = words(statement);
    const complain = (message: string) => problems.push({ line, column: raw.search(/\S/) + 1, code: 'import/invalid-value', message });
    say(...setDirective(http, keyword.toLowerCase(), values, complain));
  }
  const config: ConfigInput = { http: Object.keys(http.aliases).length > 0 ? http : { ...http, aliases: undefined } };
  if (Object.values(config.http as object).every((value) => value === undefined)) delete config.http;
  return { config, statements, problems };
}

function words(statement: string): string[] {
  return [...statement.matchAll(/"([^"]*)"?|(\S+)/g)].map((match) => match[1] ?? (match[2] as string));
}

function setDirective(http: Aliased, keyword: string, values: readonly string[], complain: (message: string) => void): Outcome {
  if (keyword === 'alias') {
    const [url = '', folder = ''] = values;
    if (!url.startsWith('/') || !folder.startsWith('/')) {
      complain('Expected "Alias URL-PATH FOLDER" with two absolute paths.');
      return ['unsupported', 'not two absolute paths'];
    }
    const path = url.length > 1 ? url.replace(/\/+$/, '') : url;
    http.aliases[path] = folder;
    return [path === url ? 'kept' : 'changed', `http.aliases: ${path}; for an install tree name it under images too`];
  }
  if (keyword === 'documentroot') {
    const [folder = ''] = values;
    if (!folder.startsWith('/')) {
      complain('Expected "DocumentRoot FOLDER" with an absolute path.');
      return ['unsupported', 'not an absolute path'];
    }
    if (http.aliases['/'] !== undefined) return ['unsupported', 'there is one tree; name this folder under http.aliases'];
    http.aliases['/'] = folder;
    return ['kept', 'http.aliases: /; /boot, /ks, /profiles, /call-home and images are served before it'];
  }
  if (keyword === 'listen') {
    const port = Number((values[0] ?? '').split(':').at(-1));
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      complain('Expected a port number.');
      return ['unsupported', 'not a port number'];
    }
    http.port = port;
    return [(values[0] ?? '').includes(':') ? 'changed' : 'kept', 'http.port'];
  }
  if (NOT_NEEDED[keyword] !== undefined) return ['not-needed', NOT_NEEDED[keyword]];
  return ['unsupported', `${keyword} is not carried over`];
}
