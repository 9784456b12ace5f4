// What a viewer may do about somebody in the room: report what they said, or hear no more of them. Each asks first.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Author, Message } from '../../protocol/chat/message.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { peopleApi } from '../people-api.ts';
import type { RoomApi } from '../room-api.ts';
import { ReportDialog } from './report-dialog.tsx';

type Asking = { kind: 'report'; message: Message } | { kind: 'block'; author: Author };

/** `tell`: says what was done. `dialog` stands where the room stands. */
export function useViewerActs(api: RoomApi, tell: (words: string, isProblem: boolean) => void) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = () => setAsking(null);
  const dialogs = (): JSX.Element | null => {
    if (asking?.kind === 'report') {
      const { message } = asking;
      return (
        <ReportDialog
          message={message}
          onClose={close}
          onReport={async (report) => {
            await api.report(message.id, report);
            tell('The moderators have your report.', false);
          }}
        />
      );
    }
    if (asking?.kind === 'block') {
      const { id, name } = asking.author;
      return (
        <ConfirmDialog
          title={`Block ${name}?`}
          confirmWord="Block"
          testId="block-dialog"
          onClose={close}
          onConfirm={async () => {
            await peopleApi.block(id);
            tell(`${name} is blocked. You find them in your settings.`, false);
          }}
        >
          Neither of you sees what the other says, in any room. Moderators of a channel are always heard.
        </ConfirmDialog>
      );
    }
    return null;
  };
  return {
    onReport: (message: Message) => setAsking({ kind: 'report', message }),
    onBlock: (author: Author) => setAsking({ kind: 'block', author }),
    dialog: dialogs(),
  };
}
