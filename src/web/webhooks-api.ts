// The doors of webhooks, as the workshop uses them.
import { answer, type BodyOf, doors } from './api-client.ts';

const webhook = doors.webhooks[':id'];

export const webhooksApi = {
  mine: () => answer(doors.webhooks.$get()),
  make: (json: BodyOf<typeof doors.webhooks.$post>) => answer(doors.webhooks.$post({ json })),
  change: (id: string, json: BodyOf<typeof webhook.$patch>) => answer(webhook.$patch({ param: { id }, json })),
  remove: (id: string) => answer(webhook.$delete({ param: { id } })),
  rotateSecret: (id: string) => answer(webhook.secret.$post({ param: { id } })),
  test: (id: string) => answer(webhook.test.$post({ param: { id } })),
  deliveries: (id: string) => answer(webhook.deliveries.$get({ param: { id }, query: { limit: '10' } })),
  replay: (id: string, deliveryId: string) =>
    answer(webhook.deliveries[':deliveryId'].replay.$post({ param: { id, deliveryId } })),
};
