// What the operator says about signing in: the providers, and who is an admin by name. Read once per isolate.
import { FootlightError } from '../../protocol/errors.ts';
import { AdminIdentities, type AdminIdentity, type OidcProvider, OidcProviders } from '../../protocol/sign-in.ts';

type Settings = Pick<Env, 'MODE' | 'OIDC_PROVIDERS' | 'ADMIN_IDENTITIES'>;

/** In the order of their buttons; none where nothing is set. */
export function signInProviders({ MODE, OIDC_PROVIDERS: json }: Settings): readonly OidcProvider[] {
  const providers = readProviders(json);
  const open = providers.find(({ issuer }) => !issuer.startsWith('https:'));
  // Anybody on the way could sign in as anybody.
  if (open && MODE !== 'local') throw unusable('OIDC_PROVIDERS', `has an issuer that is not https (${open.id})`);
  return providers;
}

export const namedAdmins = ({ ADMIN_IDENTITIES: json }: Settings): readonly AdminIdentity[] => readAdmins(json);

const readProviders = rememberingReader('OIDC_PROVIDERS', OidcProviders);
const readAdmins = rememberingReader('ADMIN_IDENTITIES', AdminIdentities);

/** What is asked of a schema. */
interface ListSchema<Item> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Item[] }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
}

/** Reads a list from JSON, and remembers the last one by its text. */
function rememberingReader<Item>(
  name: string,
  schema: ListSchema<Item>,
): (json: string | undefined) => readonly Item[] {
  let remembered: { json: string; items: readonly Item[] } | undefined;
  return (json) => {
    if (!json) return [];
    if (remembered?.json !== json) remembered = { json, items: read(name, schema, json) };
    return remembered.items;
  };
}

function read<Item>(name: string, schema: ListSchema<Item>, json: string): readonly Item[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw unusable(name, 'is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  // The message and the place only: the value may be a secret.
  throw unusable(name, `does not fit at "${issue?.path.join('.')}": ${issue?.message}`);
}

const unusable = (name: string, why: string) =>
  new FootlightError('internal', `${name} ${why}. Write it as docs/deploy.md shows and set it for the Worker.`);
