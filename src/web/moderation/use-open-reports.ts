// How many reports of the channel are open: read once, then as the room says.
import { useEffect, useState } from 'preact/hooks';
import type { ReportNotice } from '../../protocol/reports.ts';
import { moderationApi } from '../moderation-api.ts';

/** `acts`: how many were done; without a room nobody tells what came of them. */
export function useOpenReports(channelId: string, notice: ReportNotice | null, acts: number): number {
  const [first, setFirst] = useState(0);
  const isTold = notice !== null;
  useEffect(() => {
    if (isTold) return;
    // The number is beside the matter: the list itself says when it cannot be read.
    moderationApi.reports(channelId, 'open').then(
      ({ reports }) => setFirst(reports.length),
      () => undefined,
    );
  }, [channelId, isTold, acts]);
  return notice?.open ?? first;
}
