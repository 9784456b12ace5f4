import { describe, expect, it } from 'vitest';
import { readCorpus } from './corpus.ts';
import { countMistakes } from './measure.ts';

const corpus = readCorpus();
const RECALL_MIN = 0.95;
const FALSE_POSITIVES_MAX = 0.01;

describe('the labelled lines', () => {
  it('are at least 600, a quarter of a thousand of them innocent, in fifteen languages and more', () => {
    expect(corpus.length).toBeGreaterThanOrEqual(600);
    expect(corpus.filter(({ isOk, kind }) => isOk && kind === 'look-alike').length).toBeGreaterThanOrEqual(250);
    expect(new Set(corpus.filter(({ isOk }) => !isOk).map(({ language }) => language)).size).toBeGreaterThanOrEqual(15);
    const texts = corpus.map(({ text }) => text);
    expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
  });

  it.each([
    ['all lines', corpus],
    ['the lines that lists and rules were never tuned on', corpus.filter(({ isHeldOut }) => isHeldOut)],
  ])('are judged right: %s', (_name, lines) => {
    const { recall, falsePositives } = countMistakes(lines);
    expect(recall).toBeGreaterThanOrEqual(RECALL_MIN);
    expect(falsePositives).toBeLessThanOrEqual(FALSE_POSITIVES_MAX);
  });
});
