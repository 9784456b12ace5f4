// A foreseen refusal, which came as a value from an object or a node, on its way to the sender.
import { FootlightError } from '../protocol/errors.ts';
import type { Refusal } from '../protocol/origin.ts';

export const toError = ({ code, detail, retryAfterSeconds }: Omit<Refusal, 'ok'>): FootlightError =>
  new FootlightError(code, detail, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
