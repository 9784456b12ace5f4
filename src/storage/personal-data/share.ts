// How a line of the data map is written, and who the person is whose rows it means.

export interface Share {
  table: string;
  /** Which rows are those of the user ?1. */
  mine: string;
  /** Where the export has fewer of them. */
  shownMine?: string;
  /** The columns that the export shows, in its words; null: nothing that says anything to the person. */
  shown: readonly string[] | null;
  /** `delete`, or what the rows are set to (?2: when); null: the rows stay as they are. */
  erased: 'delete' | { set: string } | null;
  /** Where the rows are set to something: those that are deleted all the same, before that. */
  gone?: string;
}

/** A person's bots own channels as the person does. */
export const ME_AND_BOTS = 'SELECT ?1 AS id UNION SELECT bot_id FROM apps WHERE owner_id = ?1';

export const MY_CHANNELS = `SELECT id FROM channels WHERE owner_id IN (${ME_AND_BOTS})`;
