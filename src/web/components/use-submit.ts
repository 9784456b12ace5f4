// The sending of a form: whether it is under way, and what went wrong.
import { useState } from 'preact/hooks';
import { ApiError } from '../api.ts';

export function useSubmit() {
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  /** The handler of the form. What `send` throws is the problem, whatever it is. */
  const submitting = (send: () => Promise<void>) => async (event: Event) => {
    event.preventDefault();
    setIsBusy(true);
    setProblem(null);
    await send().catch((error: unknown) => setProblem(error instanceof ApiError ? error : new ApiError(0, null)));
    setIsBusy(false);
  };
  return { problem, isBusy, submitting };
}
