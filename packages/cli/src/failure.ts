/** A failure that a person can act on: what is wrong and what to do. It is printed without a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, { code, hint, exitCode = 1 }: { code: string; hint?: string; exitCode?: number }) {
    super(message);
    this.code = code;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

const SYSTEM_HINTS: Record<string, string> = {
  ENOENT: 'Check the path.',
  EACCES: 'Check the permissions, or run as a user who has them.',
  EISDIR: 'Name a file, not a folder.',
  ENOTDIR: 'Name a folder.',
};

interface Coded extends Error {
  code?: unknown;
  hint?: unknown;
  path?: unknown;
}

/** Whether an error was made for people: everything with a string `code`, of ours or of the system. */
export function isExpected(error: unknown): error is Error & { code: string; hint?: string } {
  return error instanceof Error && typeof (error as Coded).code === 'string';
}

/** The lines that tell a person what failed and what to do. */
export function explainFailure(error: Error & { code: string; hint?: string }): string[] {
  const lines = [`pxekit: ${error.message}`];
  const hint = error.hint ?? SYSTEM_HINTS[error.code];
  if (hint) lines.push(`  ${hint}`);
  return lines;
}
