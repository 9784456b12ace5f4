// Read by the type check of the client: what no door takes is refused there, and answers have the types of the doors.
// A claim that does not hold is a type error, above all when the types of the doors get lost and everything fits.
import type { Channel, CreatedStream, StreamPage } from '../../src/protocol/api.ts';
import type { AuditPage } from '../../src/protocol/audit-log.ts';
import type { Session } from '../../src/protocol/claims.ts';
import type { RegisteredApp } from '../../src/protocol/oauth.ts';
import type { DeliveryPage } from '../../src/protocol/webhooks.ts';
import type { api } from '../../src/web/api.ts';
import type { BodyOf, doors, QueryOf } from '../../src/web/api-client.ts';
import type { appsApi } from '../../src/web/apps-api.ts';
import type { webhooksApi } from '../../src/web/webhooks-api.ts';

type Holds<Claim extends true> = Claim;
type Not<Claim extends boolean> = Claim extends true ? false : true;
/** Both ways, and not because one of them is `any`. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? Not<IsAny<One>> : false) : false;
type IsAny<Type> = 0 extends 1 & Type ? true : false;
type Has<Type, Name extends string> = Name extends keyof Type ? true : false;
type Fits<Value, Type> = Value extends Type ? true : false;

type Doors = typeof doors;
type Stream = Doors['streams'][':id'];
type Answer<Call extends (...given: never[]) => Promise<unknown>> = Awaited<ReturnType<Call>>;

export type Paths = [
  Holds<Has<Doors, 'streams'>>,
  Holds<Not<Has<Doors, 'broadcasts'>>>,
  Holds<Not<Has<Doors['streams'], ':streamId'>>>,
  Holds<Has<Stream, '$patch'>>,
  Holds<Not<Has<Stream, '$put'>>>,
  // The doors of transcoder nodes are none of the client's.
  Holds<Not<Has<Doors, 'ingest'>>>,
];

export type Given = [
  Holds<Fits<{ param: { id: string } }, Parameters<Stream['$get']>[0]>>,
  Holds<Not<Fits<{ param: { streamId: string } }, Parameters<Stream['$get']>[0]>>>,
  Holds<Fits<{ title: string }, BodyOf<Doors['streams']['$post']>>>,
  Holds<Not<Fits<{ name: string }, BodyOf<Doors['streams']['$post']>>>>,
  Holds<Not<Fits<{ title: string; genre: 'opera' }, BodyOf<Doors['streams']['$post']>>>>,
  Holds<Fits<{ state: 'live' }, QueryOf<Doors['streams']['$get']>>>,
  Holds<Not<Fits<{ state: 'paused' }, QueryOf<Doors['streams']['$get']>>>>,
];

export type Answers = [
  Holds<Same<Answer<typeof api.channel>, Channel>>,
  Holds<Same<Answer<typeof api.createStream>, CreatedStream>>,
  Holds<Same<Answer<typeof api.liveStreams>, StreamPage>>,
  Holds<Same<Answer<typeof api.session>, Session>>,
  Holds<Fits<Answer<typeof api.audit>, AuditPage>>,
  Holds<Not<IsAny<Answer<typeof api.audit>>>>,
  Holds<Same<Answer<typeof appsApi.register>, RegisteredApp>>,
  Holds<Same<Answer<typeof webhooksApi.deliveries>, DeliveryPage>>,
  // Nothing comes with a 204.
  Holds<Same<Answer<typeof api.endStream>, undefined>>,
];
