// The name of who said something: leads to their card, where there is one.
import type { Author } from '../../protocol/chat/message.ts';
import { BADGE_WORDS } from '../chat/room-words.ts';

interface PersonNameProps {
  author: Author | null;
  onPerson?: ((author: Author) => void) | undefined;
}

export function PersonName({ author, onPerson }: PersonNameProps) {
  if (author === null) return <bdi class="desk-name">Somebody who left</bdi>;
  if (!onPerson) {
    return (
      <span class="desk-name" title={`@${author.handle}`}>
        <bdi>{author.name}</bdi>
      </span>
    );
  }
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
