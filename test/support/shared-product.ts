// One running product for all journeys: each of them opens its own stream on it.
import type { TestProject } from 'vitest/node';
import { startProduct } from '../../scripts/local/product.ts';
import type { LocalDetails } from '../../scripts/local/report.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    product: LocalDetails;
    stateDir: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const product = await startProduct();
  project.provide('product', product.details);
  project.provide('stateDir', product.stateDir);
  return async () => {
    await product.stop();
  };
}
