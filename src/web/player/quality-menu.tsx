// Quality: a button and its menu, by keyboard too (arrows, Home, End, Escape).
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import type { PlayerEngine } from './engine.ts';
import { type QualityChoice, qualityOptions, sameChoice, shortSide } from './quality.ts';

export function QualityMenu({ engine }: { engine: PlayerEngine }) {
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const levels = engine.levels.value;
  const chosen = engine.quality.value;
  const playing = levels[engine.playingLevel.value];
  const options = qualityOptions(levels);
  if (engine.audioUrl.value !== null)
    options.push({ choice: { kind: 'audio' }, label: 'Audio only', hint: 'Sound without a picture' });

  useEffect(() => {
    // The controls hide when the pointer rests; an open menu holds them.
    root.current?.closest('media-control-bar')?.toggleAttribute('noautohide', isOpen);
    if (!isOpen) return;
    root.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
    const closeOutside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setIsOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const close = () => {
    setIsOpen(false);
    root.current?.querySelector<HTMLElement>('button')?.focus();
  };
  const choose = (choice: QualityChoice) => {
    engine.setQuality(choice);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The player's own keys (arrows seek, k pauses) rest while the menu is open.
    event.stopPropagation();
    if (event.key === 'Escape') return close();
    const items = [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  };

  const label = options.find(({ choice }) => sameChoice(choice, chosen))?.label ?? 'Auto';
  const shown = chosen.kind === 'auto' && playing ? `Auto ${shortSide(playing)}p` : label;
  return (
    <div class="quality" ref={root}>
      <button
        type="button"
        class="quality-button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={`Quality: ${shown}`}
        data-testid="quality-menu"
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="gear" />
        <span>{shown}</span>
      </button>
      {isOpen && (
        <div class="quality-list" role="menu" aria-label="Quality" onKeyDown={onKeyDown}>
          {options.map((option) => (
            <button
              type="button"
              role="menuitemradio"
              key={option.label}
              aria-checked={sameChoice(option.choice, chosen)}
              data-testid={`quality-${option.choice.kind === 'height' ? option.choice.height : option.choice.kind}`}
              onClick={() => choose(option.choice)}
            >
              <span>{option.label}</span>
              <small>{option.hint}</small>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
