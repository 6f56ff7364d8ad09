/** Where an alarm's reader finds what to do: headings of cdk/README.md. */

const README = 'cdk/README.md';

export const RUNBOOK = {
  failed: `${README}#a-migration-failed`,
  timedOut: `${README}#a-migration-ran-out-of-time`,
  throttled: `${README}#step-functions-throttles`,
} as const;
