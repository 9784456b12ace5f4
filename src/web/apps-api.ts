// The doors of apps of others: registering them, allowing them, taking that back.
import { answer, type BodyOf, doors } from './api-client.ts';

const app = doors.apps[':id'];

export const appsApi = {
  mine: () => answer(doors.apps.$get()),
  register: (json: BodyOf<typeof doors.apps.$post>) => answer(doors.apps.$post({ json })),
  change: (id: string, json: BodyOf<typeof app.$patch>) => answer(app.$patch({ param: { id }, json })),
  remove: (id: string) => answer(app.$delete({ param: { id } })),
  rotateSecret: (id: string) => answer(app.secret.$post({ param: { id } })),
  grants: () => answer(doors.grants.$get()),
  revoke: (id: string) => answer(doors.grants[':id'].$delete({ param: { id } })),
  question: (request: string) => answer(doors.consent.$get({ query: { request } })),
  answer: (request: string, allow: boolean) => answer(doors.consent.$post({ json: { request, allow } })),
};
