// The doors of apps of others: registering them, allowing them, taking that back.
import type {
  App,
  AppSecret,
  ChangeApp,
  ConsentOutcome,
  ConsentQuestion,
  Grant,
  RegisterApp,
  RegisteredApp,
} from '../protocol/oauth.ts';
import { request } from './api.ts';

export const appsApi = {
  mine: () => request<{ apps: App[] }>('GET', '/apps'),
  register: (app: RegisterApp) => request<RegisteredApp>('POST', '/apps', app),
  change: (id: string, change: ChangeApp) => request<App>('PATCH', `/apps/${id}`, change),
  remove: (id: string) => request<void>('DELETE', `/apps/${id}`),
  rotateSecret: (id: string) => request<AppSecret>('POST', `/apps/${id}/secret`),
  grants: () => request<{ grants: Grant[] }>('GET', '/grants'),
  revoke: (id: string) => request<void>('DELETE', `/grants/${id}`),
  question: (asked: string) => request<ConsentQuestion>('GET', `/consent?${new URLSearchParams({ request: asked })}`),
  answer: (asked: string, allow: boolean) => request<ConsentOutcome>('POST', '/consent', { request: asked, allow }),
};
