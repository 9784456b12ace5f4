// How a door says which problems it may answer: by code, and the document has them by status.
import { ERRORS, type ErrorCode } from '../../protocol/errors.ts';
import type { ResponseDescription, Schema } from './document.ts';

type StatusOf<Code extends ErrorCode> = (typeof ERRORS)[Code][0];

/** The refusals of this door's own rules; those of the guards are added to every door by `withGuards`. */
export const refusals = <const Code extends ErrorCode>(
  ...codes: Code[]
): { [Known in Code as StatusOf<Known>]: ReturnType<typeof refusal> } => {
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code][0]);
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, refusal(group)])) as ReturnType<
    typeof refusals<Code>
  >;
};

const refusal = (codes: readonly ErrorCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${ERRORS[code][1]}`).join('. '),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Problem' },
          { type: 'object' as const, properties: { code: { type: 'string' as const, enum: [...codes] } } },
        ],
      },
    },
  },
});

/** Opposite of `refusals`: the codes that an answer of a document may carry. */
export function codesOf(response: ResponseDescription | undefined): ErrorCode[] {
  const parts: Schema[] = response?.content?.['application/problem+json']?.schema.allOf ?? [];
  return parts.flatMap(({ properties }) => (properties?.code?.enum ?? []) as ErrorCode[]);
}

/** `more` beside what the operation says by itself; each status once, each code once. */
export function withRefusals(
  responses: Record<string, ResponseDescription>,
  more: readonly ErrorCode[],
): Record<string, ResponseDescription> {
  const own = Object.values(responses).flatMap(codesOf);
  return { ...responses, ...(refusals(...new Set([...own, ...more])) as Record<string, ResponseDescription>) };
}
