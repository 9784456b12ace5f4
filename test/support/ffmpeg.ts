// The ffmpeg of the tests: the same that the product chooses.
import { requireFfmpeg } from '../../scripts/local/checks.ts';

export const FFMPEG = await requireFfmpeg(process.env);
