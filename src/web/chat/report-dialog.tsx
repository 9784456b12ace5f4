// Asks why a message is reported: one of a few reasons, and own words where they help.
import { useState } from 'preact/hooks';
import type { Message } from '../../protocol/chat/message.ts';
import type { MakeReport, ReportReason } from '../../protocol/reports.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import './report-dialog.css';

export const REASON_WORDS: Record<ReportReason, string> = {
  spam: 'Spam or advertising',
  harassment: 'Harassment or bullying',
  hate: 'Hate against a group of people',
  sexual: 'Sexual content',
  threat: 'A threat or violence',
  self_harm: 'Somebody may harm themselves',
  scam: 'A scam or fraud',
  other: 'Something else',
};
const REASONS = Object.keys(REASON_WORDS) as ReportReason[];
const TEXT_MAX = 500;

interface ReportDialogProps {
  message: Message;
  onReport(report: MakeReport): Promise<void>;
  onClose(): void;
}

export function ReportDialog({ message: { author, text }, onReport, onClose }: ReportDialogProps) {
  const [reason, setReason] = useState<ReportReason | null>(null);
  const [words, setWords] = useState('');
  const isMissing = reason === 'other' && words.trim() === '';
  return (
    <ConfirmDialog
      title={`Report ${author?.name ?? 'this message'}`}
      confirmWord="Report"
      canConfirm={reason !== null && !isMissing}
      testId="report-dialog"
      onClose={onClose}
      onConfirm={async () => {
        if (reason !== null) await onReport({ reason, ...(words.trim() !== '' && { text: words.trim() }) });
      }}
    >
      <blockquote class="report-quote" dir="auto">
        {text}
      </blockquote>
      <fieldset class="report-reasons">
        <legend>What is wrong with it?</legend>
        {REASONS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="report-reason"
              value={one}
              checked={reason === one}
              onChange={() => setReason(one)}
              data-testid={`report-${one}`}
            />
            {REASON_WORDS[one]}
          </label>
        ))}
      </fieldset>
      <div class="field">
        <label for="report-text">{reason === 'other' ? 'In your own words' : 'In your own words, if that helps'}</label>
        <textarea
          class="input"
          id="report-text"
          rows={2}
          maxLength={TEXT_MAX}
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
          data-testid="report-text"
        />
      </div>
      <p class="muted report-hint">
        The moderators of the channel see the message with what was said around it, and not who you are.
      </p>
    </ConfirmDialog>
  );
}
