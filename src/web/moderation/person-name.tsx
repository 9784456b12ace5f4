// The name of who said something: leads to their card.
import type { Author } from '../../protocol/chat/message.ts';
import { BADGE_WORDS } from '../chat/room-words.ts';

export function PersonName({ author, onPerson }: { author: Author | null; onPerson(author: Author): void }) {
  if (author === null) return <bdi class="desk-name">Somebody who left</bdi>;
  return (
    <>
      {author.roles.map((role) => (
        <span class="desk-badge" title={BADGE_WORDS[role].name} key={role}>
          <span aria-hidden="true">{BADGE_WORDS[role].letter}</span>
          <span class="visually-hidden">{BADGE_WORDS[role].name} </span>
        </span>
      ))}
      <button
        type="button"
        class="desk-name"
        tabIndex={-1}
        onClick={() => onPerson(author)}
        title={`@${author.handle}: what is known of them`}
        data-testid="person-name"
      >
        <bdi>{author.name}</bdi>
      </button>
    </>
  );
}
