/** The options of section headers, in the form of `commands.ts`. `%addon` and `%anaconda` take any words. */
export const SECTIONS: Readonly<Record<string, { options: readonly string[]; warns?: string }>> = {
  pre: { options: ['--erroronfail', '--interpreter string', '--log|--logfile string'] },
  'pre-install': { options: ['--erroronfail', '--interpreter string', '--log|--logfile string'] },
  post: { options: ['--erroronfail', '--interpreter string', '--log|--logfile string', '--nochroot'] },
  onerror: { options: ['--erroronfail', '--interpreter string', '--log|--logfile string'] },
  traceback: { warns: 'F34-,RHEL9-', options: ['--erroronfail', '--interpreter string', '--log|--logfile string'] },
  packages: {
    options: [
      '--excludedocs',
      '--ignoremissing',
      '--ignoredeps @FC3-F8,RHEL3-RHEL5 ~FC3-F8,RHEL3-RHEL5',
      '--resolvedeps @FC3-F8,RHEL3-RHEL5 ~FC3-F8,RHEL3-RHEL5',
      '--default @F7-,RHEL6-',
      '--instLangs string @F9-,RHEL6-RHEL9 ~F40- ^F32-F39,RHEL9',
      '--nobase @F14-F21,RHEL6-RHEL7 ~F18-F21,RHEL7',
      '--multilib @F18-,RHEL7-',
      '--nocore @F21-,RHEL7-',
      '--timeout int @F22-,RHEL7-',
      '--retries int @F22-,RHEL7-',
      '--excludeWeakdeps @F24-,RHEL8-RHEL9 ~F40- ^F32-F39,RHEL9',
      '--inst-langs string @F32-,RHEL9-',
      '--exclude-weakdeps @F32-,RHEL9-',
      '--ignorebroken @F32-',
    ],
  },
  certificate: { options: ['--filename string!', '--dir string', '--type string'] },
};

/** Releases in which every section needs its `%end`; before them a section also ends at the next header or at the end of the text. */
export const END_REQUIRED = 'F8-,RHEL6-';
