// For who moderates Footlight: what is reported on any channel, who is banned everywhere, and what they ask.
import { useMemo, useState } from 'preact/hooks';
import type { Author } from '../../protocol/chat/message.ts';
import { useTitle } from '../components/use-title.ts';
import { AppealsBox } from '../moderation/appeals-box.tsx';
import { BanDialog } from '../moderation/ban-dialog.tsx';
import { BansBox } from '../moderation/bans-box.tsx';
import type { Scope } from '../moderation/desk-bans.ts';
import { moderatorActs } from '../moderation/moderator-acts.ts';
import { ReportsBox } from '../moderation/reports-box.tsx';
import { ToldBar } from '../moderation/told-bar.tsx';
import { moderatesAll } from '../session.ts';
import { SignedIn } from '../studio/signed-in.tsx';
import '../moderation/desk.css';
import '../moderation/side.css';
import './everywhere.css';

const SCOPES: readonly Scope[] = ['platform'];

export function EverywherePage() {
  useTitle('Moderation of Footlight');
  return <SignedIn>{moderatesAll() ? <Everywhere /> : <ForModerators />}</SignedIn>;
}

function Everywhere() {
  const acts = useMemo(() => moderatorActs(null, true), []);
  const [toBan, setToBan] = useState<Author | null>(null);
  return (
    <>
      <header class="everywhere-head">
        <h1>All of Footlight</h1>
        <a href="/moderate">Your channels</a>
      </header>
      <div class="everywhere" data-testid="everywhere">
        <ReportsBox channelId={null} acts={acts} notice={null} onBan={setToBan} />
        <div class="everywhere-side">
          <AppealsBox channelId={null} acts={acts} />
          <BansBox acts={acts} scopes={SCOPES} />
        </div>
      </div>
      <ToldBar acts={acts} />
      {toBan && <BanDialog whom={toBan} acts={acts} where="platform" onClose={() => setToBan(null)} />}
    </>
  );
}

function ForModerators() {
  return (
    <div class="notice" role="alert" data-testid="everywhere-refused">
      <h1>For moderators of Footlight</h1>
      <p class="muted">
        What is here concerns every channel. The channels that you look after are on{' '}
        <a href="/moderate">their own page</a>.
      </p>
    </div>
  );
}
