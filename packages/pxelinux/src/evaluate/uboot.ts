import type { Origin, UbootLabel, UbootModel } from '../model.js';
import { MAX_DEPTH, type Reading, type SourceText } from './include.js';
import { Input } from './uboot-input.js';

const EINVAL = -22;
const ENOENT = -2;
const EMLINK = -31;

/** What U-Boot (boot/pxe_utils.c) makes of a file. One directive without its value rejects the whole file. */
export function* evaluateUboot({ file, text }: SourceText): Reading<UbootModel> {
  const model: UbootModel = {
    engine: 'u-boot',
    result: 1,
    title: null,
    default: null,
    fallback: null,
    timeout: 0,
    prompt: 0,
    bmp: null,
    labels: [],
    log: '',
    origins: {},
  };
  model.result = yield* readTop(model, new Input(file, text), 1);
  return model;
}

function* readTop(model: UbootModel, input: Input, depth: number): Reading<number> {
  if (depth > MAX_DEPTH) {
    model.log += `Maximum nesting (${MAX_DEPTH}) exceeded\n`;
    return EMLINK;
  }
  for (;;) {
    const start = input.at;
    const token = input.token('keyword');
    let result = 1;
    if (token.type === 'eof') return 1;
    if (token.type === 'eol') continue;
    switch (token.type === 'keyword' ? token.name : '') {
      case 'menu':
        model.prompt = 1;
        result = yield* readMenu(model, input, depth);
        break;
      case 'timeout':
        result = readNumber(model, input, (value, origin) => {
          model.timeout = value;
          model.origins.timeout = origin;
        });
        break;
      case 'label':
        result = readLabel(model, input);
        break;
      case 'default':
        result = readLiteral(model, input, (value, origin) => {
          model.default = value;
          model.origins.default = origin;
        });
        break;
      case 'fallback':
        result = readLiteral(model, input, (value, origin) => {
          model.fallback = value;
          model.origins.fallback = origin;
        });
        break;
      case 'include':
        result = yield* readInclude(model, input, depth + 1);
        break;
      case 'prompt':
        result = readNumber(model, input, (value, origin) => {
          model.prompt = value;
          model.origins.prompt = origin;
        });
        break;
      default:
        model.log += `Ignoring unknown command: ${input.text.slice(start, input.at)}\n`;
        input.skipLine();
    }
    if (result < 0) return result;
  }
}

function* readMenu(model: UbootModel, input: Input, depth: number): Reading<number> {
  const start = input.at;
  const token = input.token('keyword');
  let result = 1;
  switch (token.type === 'keyword' ? token.name : '') {
    case 'title':
      result = readLiteral(model, input, (value, origin) => {
        model.title = value;
        model.origins.title = origin;
      });
      break;
    case 'include':
      result = yield* readInclude(model, input, depth + 1);
      break;
    case 'background':
      result = readLiteral(model, input, (value, origin) => {
        model.bmp = value;
        model.origins.bmp = origin;
      });
      break;
    default:
      model.log += `Ignoring malformed menu command: ${input.text.slice(start, input.at)}\n`;
  }
  if (result < 0) return result;
  input.skipLine();
  return 1;
}

function* readInclude(model: UbootModel, input: Input, depth: number): Reading<number> {
  const start = input.at;
  let path = '';
  const result = readLiteral(model, input, (value) => {
    path = value;
  });
  if (result < 0) {
    model.log += `Expected include path: ${input.text.slice(start, input.at)}\n`;
    return result;
  }
  const text = yield { path, purpose: 'include' };
  if (text === undefined) {
    model.log += `Couldn't retrieve ${path}\n`;
    return ENOENT;
  }
  return yield* readTop(model, new Input(path, text), depth);
}

/** A label ends at the first word that is none of its directives; the top level goes on from there. */
function readLabel(model: UbootModel, input: Input): number {
  const start = input.at;
  const label: UbootLabel = {
    name: '',
    menu: null,
    kernel: null,
    config: null,
    append: null,
    initrd: null,
    fdt: null,
    fdtdir: null,
    fdtoverlays: null,
    ipappend: 0,
    localboot: 0,
    localbootVal: 0,
    kaslrseed: 0,
    origins: {},
  };
  const named = readLiteral(model, input, (value, origin) => {
    label.name = value;
    label.origins.name = origin;
  });
  if (named < 0) {
    model.log += `Expected label name: ${input.text.slice(start, input.at)}\n`;
    return EINVAL;
  }
  model.labels.push(label);
  for (;;) {
    const before = input.at;
    const token = input.token('keyword');
    let result = 1;
    if (token.type === 'eol') continue;
    const name = token.type === 'keyword' ? token.name : '';
    switch (name) {
      case 'menu':
        readLabelMenu(model, input, label);
        break;
      case 'kernel':
        result = readLiteral(model, input, (value, origin) => {
          const hash = value.indexOf('#');
          label.kernel = hash === -1 ? value : value.slice(0, hash);
          if (hash !== -1) label.config = value.slice(hash);
          label.origins.kernel = origin;
        });
        break;
      case 'append':
        result = readAppend(model, input, label);
        break;
      case 'initrd':
      case 'fdt':
      case 'fdtdir':
      case 'fdtoverlays':
        // The first one wins, and the value of another one is read as a directive.
        if (label[name] === null) {
          result = readLiteral(model, input, (value, origin) => {
            label[name] = value;
            label.origins[name] = origin;
          });
        }
        break;
      case 'localboot':
        label.localboot = 1;
        result = readNumber(model, input, (value, origin) => {
          label.localbootVal = value;
          label.origins.localboot = origin;
        });
        break;
      case 'ipappend':
        result = readNumber(model, input, (value, origin) => {
          label.ipappend = value;
          label.origins.ipappend = origin;
        });
        break;
      case 'kaslrseed':
        label.kaslrseed = 1;
        label.origins.kaslrseed = input.origin();
        break;
      default:
        input.at = before;
        return 1;
    }
    if (result < 0) return result;
  }
}

function readLabelMenu(model: UbootModel, input: Input, label: UbootLabel): void {
  const start = input.at;
  const token = input.token('keyword');
  const name = token.type === 'keyword' ? token.name : '';
  if (name === 'default') {
    if (model.default === null) {
      model.default = label.name;
      model.origins.default = input.origin();
    }
  } else if (name === 'label') {
    readLiteral(model, input, (value, origin) => {
      label.menu = value;
      label.origins.menu = origin;
    });
  } else model.log += `Ignoring malformed menu command: ${input.text.slice(start, input.at)}\n`;
  input.skipLine();
}

function readAppend(model: UbootModel, input: Input, label: UbootLabel): number {
  const result = readLiteral(model, input, (value, origin) => {
    label.append = value;
    label.origins.append = origin;
  });
  if (label.initrd !== null) return result;
  if (label.append === null) {
    model.log += 'UB: append has no value, strstr gets NULL\n';
    return result;
  }
  const at = label.append.indexOf('initrd=');
  if (at === -1) return result;
  const value = at + 'initrd='.length;
  const end = label.append.indexOf(' ', value);
  if (end === -1) model.log += 'UB: initrd= is last word of append, strchr returns NULL\n';
  label.initrd = label.append.slice(value, end === -1 ? undefined : end);
  if (label.origins.append) label.origins.initrd = label.origins.append;
  return result;
}

function readLiteral(model: UbootModel, input: Input, use: (value: string, origin: Origin) => void): number {
  const start = input.at;
  const token = input.token('literal');
  if (token.type === 'string') {
    use(token.value, input.origin());
    return 1;
  }
  model.log += `Expected string literal: ${input.text.slice(start, input.at)}\n`;
  return EINVAL;
}

function readNumber(model: UbootModel, input: Input, use: (value: number, origin: Origin) => void): number {
  const start = input.at;
  const token = input.token('literal');
  if (token.type === 'string') {
    use(readDecimal(token.value), input.origin());
    return 1;
  }
  model.log += `Expected string: ${input.text.slice(start, input.at)}\n`;
  return EINVAL;
}

/** Decimal digits, with a minus sign or without; what follows is ignored. */
function readDecimal(text: string): number {
  const negative = text.startsWith('-');
  let value = 0;
  for (let i = negative ? 1 : 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return (negative ? -value : value) | 0;
}
