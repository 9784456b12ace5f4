// The contract of the rules by which lines are judged.
import { STANDARD_RULES } from '../../../src/protocol/rules.ts';
import type { Contract, Scene } from './table.ts';

const of = ({ stream }: Scene): string => `/api/v1/channels/${stream.channelId}/rules`;
const words = [{ text: 'spoiler*', action: 'mask' }];

export const rules: Contract = {
  'get /api/v1/channels/{id}/rules': { good: (scene) => ({ path: of(scene), as: scene.owner }) },
  'put /api/v1/channels/{id}/rules': {
    good: (scene) => ({ path: of(scene), as: scene.owner, body: { ...STANDARD_RULES, words } }),
  },
  'get /api/v1/rules': { good: (scene) => ({ path: '/api/v1/rules', as: scene.admin }) },
  'put /api/v1/rules': { good: (scene) => ({ path: '/api/v1/rules', as: scene.admin, body: { words: [] } }) },
};
