// What belongs to the person and not to a channel, section by section.
import { useTitle } from '../components/use-title.ts';
import { AllowedApps } from '../settings/allowed-apps.tsx';
import { BlockedPeople } from '../settings/blocked-people.tsx';
import { SignedInBrowsers } from '../settings/signed-in-browsers.tsx';
import { YourData } from '../settings/your-data.tsx';
import { YourName } from '../settings/your-name.tsx';
import { SignedIn } from '../studio/signed-in.tsx';
import './settings.css';

export function SettingsPage() {
  useTitle('Settings');
  return (
    <SignedIn>
      <div class="settings">
        <h1>Settings</h1>
        <YourName />
        <SignedInBrowsers />
        <AllowedApps />
        <BlockedPeople />
        <YourData />
      </div>
    </SignedIn>
  );
}
