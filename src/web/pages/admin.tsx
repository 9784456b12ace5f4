// For those who run the platform: what was done here, and who is what; each section has an address of its own.
import { AuditLog } from '../admin/audit-log.tsx';
import { PlatformPeople } from '../admin/platform-people.tsx';
import { useTitle } from '../components/use-title.ts';
import type { Route } from '../routes.ts';
import { session } from '../session.ts';
import { SignedIn } from '../studio/signed-in.tsx';
import './admin.css';

type AdminRoute = Extract<Route, { name: 'admin' }>;

export function AdminPage({ route }: { route: AdminRoute }) {
  return (
    <SignedIn>{session.value?.user?.role === 'admin' ? <Sections section={route.section} /> : <ForAdmins />}</SignedIn>
  );
}

function Sections({ section }: Pick<AdminRoute, 'section'>) {
  return (
    <>
      <nav class="admin-sections" aria-label="Administration">
        <a href="/admin" aria-current={section === 'audit' ? 'page' : undefined}>
          Audit log
        </a>
        <a href="/admin/people" aria-current={section === 'people' ? 'page' : undefined} data-testid="admin-people">
          People
        </a>
        <a href="/moderate/everywhere">Reports</a>
      </nav>
      {section === 'audit' ? <AuditLog /> : <PlatformPeople />}
    </>
  );
}

function ForAdmins() {
  useTitle('Administration');
  return (
    <div class="notice" role="alert">
      <h1>For administrators</h1>
      <p class="muted">What is here can be read by those who run this Footlight.</p>
    </div>
  );
}
