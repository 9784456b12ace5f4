// `npm run secrets`: fresh values for the secrets of a new installation, one NAME=value a line.
import { randomBytes } from 'node:crypto';
import { newWrappingKey } from '../local/secrets.ts';

console.info(`NODE_SECRET=${randomBytes(32).toString('base64url')}`);
console.info(`WRAPPING_KEY=${newWrappingKey()}`);
console.info(`VIEWING_KEY=${randomBytes(32).toString('base64url')}`);
