// The last line of `npm test` is true, also when something broke without a failed test.
import { describe, expect, it } from 'vitest';
import { countTests } from '../../scripts/local/test-count.ts';

const file = (status: string, tests = 1) => ({ status, assertionResults: Array.from({ length: tests }) });
const report = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [file('passed', 5)],
};

describe('the count of a test run', () => {
  it('counts what passed', () => expect(countTests(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 0 }));

  it('counts a file that could not be loaded as a failure', () =>
    expect(countTests({ ...report, testResults: [file('passed', 5), file('failed', 0)] }, 1)).toMatchObject({
      failed: 1,
    }));

  it('counts a run that ended badly although each test passed', () =>
    expect(countTests(report, 1)).toMatchObject({ passed: 5, failed: 1 }));

  it('counts a run without a report as a failure', () =>
    expect(countTests(null, 0)).toMatchObject({ passed: 0, failed: 1 }));

  it('tells skipped and promised tests', () =>
    expect(countTests({ ...report, numPendingTests: 2, numTodoTests: 1 }, 0)).toMatchObject({ skipped: 3 }));
});
