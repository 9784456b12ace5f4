// The data map, of what moderation keeps: bans, reports, notes, blocks, rules and shields.
import { ME_AND_BOTS, MY_CHANNELS, type Share } from './share.ts';

export const MODERATION_DATA: readonly Share[] = [
  {
    table: 'bans',
    mine: `user_id IN (${ME_AND_BOTS}) OR channel_id IN (${MY_CHANNELS})`,
    shown: ['channel_id', 'user_id', 'effect', 'reach', 'reason', 'banned_at_ms', 'until_ms'],
    // A hold works because its subject does not know of it.
    shownMine: `(user_id IN (${ME_AND_BOTS}) AND effect = 'refuse') OR channel_id IN (${MY_CHANNELS})`,
    erased: 'delete',
  },
  {
    // The words stay, of everybody, without their author; so does what was answered. Read are those of streams where they spoke.
    table: 'reports',
    mine: `author_id IN (${ME_AND_BOTS}) OR answered_by IN (${ME_AND_BOTS})
      OR (stream_id IN (SELECT stream_id FROM messages WHERE author_id IN (${ME_AND_BOTS}))
        AND EXISTS (SELECT 1 FROM json_each(context) WHERE value ->> 'authorId' IN (${ME_AND_BOTS})))`,
    // That something of theirs was reported may tell the person by whom.
    shownMine: `answered_by IN (${ME_AND_BOTS})`,
    shown: ['id', 'channel_id', 'message_id', 'outcome', 'note', 'answered_at_ms'],
    erased: {
      set: `author_id = CASE WHEN author_id IN (${ME_AND_BOTS}) THEN NULL ELSE author_id END,
        answered_by = CASE WHEN answered_by IN (${ME_AND_BOTS}) THEN NULL ELSE answered_by END,
        context = (SELECT json_group_array(json(CASE WHEN value ->> 'authorId' IN (${ME_AND_BOTS})
          THEN json_set(value, '$.authorId', NULL) ELSE value END)) FROM json_each(context))`,
    },
  },
  {
    table: 'complaints',
    mine: `reporter_id IN (${ME_AND_BOTS})`,
    shown: ['report_id', 'reason', 'text', 'complained_at_ms'],
    erased: { set: 'reporter_id = NULL, text = NULL' },
  },
  {
    table: 'person_acts',
    mine: `user_id IN (${ME_AND_BOTS}) OR by_id IN (${ME_AND_BOTS}) OR channel_id IN (${MY_CHANNELS})`,
    // What was held of theirs may be so without their knowing.
    shownMine: `by_id IN (${ME_AND_BOTS}) OR (user_id IN (${ME_AND_BOTS}) AND action = 'message.removed')`,
    shown: ['channel_id', 'action', 'at_ms', 'message_id'],
    gone: `user_id IN (${ME_AND_BOTS}) OR channel_id IN (${MY_CHANNELS})`,
    erased: { set: 'by_id = NULL' },
  },
  {
    table: 'person_notes',
    mine: `user_id IN (${ME_AND_BOTS}) OR author_id IN (${ME_AND_BOTS}) OR channel_id IN (${MY_CHANNELS})`,
    // What moderators write down for each other is theirs to know.
    shownMine: `author_id IN (${ME_AND_BOTS})`,
    shown: ['channel_id', 'user_id', 'text', 'written_at_ms'],
    gone: `user_id IN (${ME_AND_BOTS}) OR channel_id IN (${MY_CHANNELS})`,
    erased: { set: 'author_id = NULL' },
  },
  {
    table: 'blocks',
    mine: `user_id IN (${ME_AND_BOTS}) OR blocked_id IN (${ME_AND_BOTS})`,
    // Who has blocked the person is not told them.
    shownMine: `user_id IN (${ME_AND_BOTS})`,
    shown: ['blocked_id', 'blocked_at_ms'],
    erased: 'delete',
  },
  {
    table: 'judging_rules',
    mine: `channel_id IN (${MY_CHANNELS})`,
    shown: ['channel_id', 'strictness', 'links', 'allowed_sites', 'words', 'when_model_is_down'],
    erased: 'delete',
  },
  {
    table: 'appeals',
    mine: `user_id IN (${ME_AND_BOTS}) OR channel_id IN (${MY_CHANNELS})`,
    // What others ask of a channel is theirs to see.
    shownMine: `user_id IN (${ME_AND_BOTS})`,
    shown: ['id', 'channel_id', 'text', 'state', 'asked_at_ms', 'closed_at_ms', 'reason'],
    erased: 'delete',
  },
  {
    table: 'sightings',
    mine: `user_id IN (${ME_AND_BOTS})`,
    shown: ['seen_at_ms'],
    erased: 'delete',
  },
  {
    table: 'shields',
    mine: `channel_id IN (${MY_CHANNELS})`,
    shown: ['channel_id', 'mode', 'trips', 'until_ms', 'raised_by'],
    erased: 'delete',
  },
];
