import fc from 'fast-check';

const piece = fc.constantFrom(
  'part',
  '/',
  '--size=1',
  '--siz 1',
  '"a b"',
  "'x'",
  '\\ ',
  '# c',
  'a#b',
  '%packages',
  '%post --log=/x',
  '%end',
  '%include a',
  '%anaconda',
  '%oops',
  '- vim',
  '@core --optional',
  'cat <<EOF',
  '{{ x }}',
  '"',
  ' ',
  '  ',
  '\t',
  '\r\n',
  '\n',
  '\n',
  '\n\n\n',
  '\v',
  '\u2028',
  '\ufeff',
);

/** Texts that look like kickstart files, good and bad. */
export const kickstartText = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(' ')),
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary' }),
);
