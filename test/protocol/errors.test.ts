// Every code has one status and one title, and becomes a problem document that its own schema accepts.
import { describe, expect, it } from 'vitest';
import { ERRORS, ErrorCode, FootlightError, Problem, toProblem } from '../../src/protocol/errors.ts';

describe('the list of error codes', () => {
  it.each(ErrorCode.options)('%s answers with its own status as problem+json', (code) => {
    const problem = Problem.parse(toProblem(new FootlightError(code, 'What happened.', { retryAfterSeconds: 2 })));
    expect(problem).toMatchObject({
      code,
      status: ERRORS[code][0],
      title: ERRORS[code][1],
      detail: 'What happened.',
      retryAfterSeconds: 2,
    });
    expect(problem.status).toBeGreaterThanOrEqual(400);
  });
});
