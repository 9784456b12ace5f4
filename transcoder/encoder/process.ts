// One run of ffmpeg: spawned, fed, drained and buried here. Its events are those of events.ts.
import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Frame } from '../media.ts';
import { Packager, type PackagerEvent } from '../packager/packager.ts';
import { type EncoderCommand, type EncoderOutput, encoderCommand } from './arguments.ts';
import type { Encoder, EncoderEvent, EncoderFault, EncoderPlan, StartEncoder } from './events.ts';
import { JpegReader } from './jpegs.ts';
import { MatroskaWriter } from './matroska.ts';

/** Below Node, so that under load the network and the clocks keep their time. */
const NICENESS = 5;
/** The poster is a JPEG, and ffmpeg calls the full-range pictures in it deprecated each time. */
const HARMLESS = /deprecated pixel format/;
const STDERR_LINES = 20;
const STDERR_LINE_CHARACTERS = 300;
/** ffmpeg leaves within 40 ms of the end of its input; one that hangs on a broken frame is not waited for. */
const END_TIMEOUT_MS = 5000;

/** Makes the `StartEncoder` of this ffmpeg (see ffmpeg-path.ts). */
export const encoderWith =
  (ffmpegPath: string): StartEncoder =>
  (plan, onEvent) =>
    new FfmpegEncoder(ffmpegPath, plan, onEvent);

class FfmpegEncoder implements Encoder {
  readonly #child: ChildProcess;
  readonly #stdin: Writable;
  readonly #matroska: MatroskaWriter;
  readonly #packager: Packager;
  readonly #onEvent: (event: EncoderEvent) => void;
  readonly #stderr: string[] = [];
  #isEnding = false;
  #isKilled = false;
  #hasExited = false;
  #fault: EncoderFault | null = null;
  #problem: string | null = null;
  #endTimer: NodeJS.Timeout | null = null;

  constructor(ffmpegPath: string, plan: EncoderPlan, onEvent: (event: EncoderEvent) => void) {
    const command = encoderCommand(plan);
    this.#onEvent = onEvent;
    this.#packager = new Packager(plan);
    this.#matroska = new MatroskaWriter(plan);
    this.#child = spawn(ffmpegPath, command.args, {
      stdio: ['pipe', 'ignore', 'pipe', ...command.outputs.map(() => 'pipe' as const)],
    });
    this.#stdin = this.#child.stdin as Writable;
    this.#watch(command);
    this.#stdin.write(this.#matroska.header());
  }

  write(frame: Frame): void {
    if (this.#isEnding || this.#hasExited || this.#stdin.destroyed) return;
    this.#guard(() => this.#emit(this.#packager.pushSource(frame)));
    this.#stdin.write(this.#matroska.frame(frame));
  }

  backlogBytes(): number {
    return this.#stdin.writableLength;
  }

  end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#stdin.end();
    this.#endTimer = setTimeout(() => this.#child.kill('SIGKILL'), END_TIMEOUT_MS);
  }

  kill(): void {
    this.#isEnding = true;
    this.#isKilled = true;
    this.#child.kill('SIGKILL');
  }

  /** Every pipe is read to its end whatever happens: one full pipe would stop all of them. `close` comes after the last byte. */
  #watch({ outputs }: EncoderCommand): void {
    if (this.#child.pid !== undefined) lowerPriority(this.#child.pid);
    outputs.forEach((output) => {
      const pipe = this.#child.stdio[output.fd] as Readable;
      const read = this.#readerOf(output);
      pipe.on('data', (bytes: Buffer) => this.#guard(() => read(bytes)));
      pipe.on('error', () => {});
    });
    this.#child.stderr?.on('data', (bytes: Buffer) => this.#hear(bytes));
    // EPIPE while it dies: `close` tells the story.
    this.#stdin.on('error', () => {});
    this.#child.on('error', (error) => {
      this.#problem = `ffmpeg cannot be started: ${error.message}.`;
      if (this.#child.pid === undefined) this.#exited(null, null);
    });
    this.#child.on('close', (code, signal) => this.#exited(code, signal));
  }

  #readerOf(output: EncoderOutput): (bytes: Uint8Array) => void {
    if (output.kind === 'video') return (bytes) => this.#emit(this.#packager.pushVideo(output.rendition, bytes));
    if (output.kind === 'audio') return (bytes) => this.#emit(this.#packager.pushAudio(bytes));
    const jpegs = new JpegReader();
    return (bytes) => {
      for (const payload of jpegs.push(bytes)) {
        this.#onEvent({ type: 'poster', width: output.width, height: output.height, payload });
      }
    };
  }

  /** After a fault or garbage the run is over: nothing more is passed on, the pipes are only drained. */
  #guard(read: () => void): void {
    if (this.#isKilled || this.#hasExited || this.#fault || this.#problem) return;
    try {
      read();
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
      this.#child.kill('SIGKILL');
    }
  }

  #emit(events: PackagerEvent[]): void {
    for (const event of events) {
      if (event.type === 'fault') {
        this.#fault = event.fault;
        this.#child.kill('SIGKILL');
        return;
      }
      this.#onEvent(event);
    }
  }

  #hear(bytes: Buffer): void {
    for (const line of bytes.toString('utf8', 0, 4096).split('\n')) {
      const said = line.trim().slice(0, STDERR_LINE_CHARACTERS);
      if (said && !HARMLESS.test(said) && said !== this.#stderr[this.#stderr.length - 1]) this.#stderr.push(said);
    }
    this.#stderr.splice(0, this.#stderr.length - STDERR_LINES);
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    if (this.#endTimer) clearTimeout(this.#endTimer);
    this.#close();
    const expected = this.#isEnding && this.#fault === null && this.#problem === null;
    const fault = this.#fault ? { fault: this.#fault } : {};
    this.#onEvent({ type: 'exited', expected, detail: this.#story(code, signal), ...fault });
  }

  /**
   * Whatever ended it, the parts that are out are whole: their segments close, so that nobody waits for the rest. What garbage
   * left behind may not close; `exited` follows all the same, or the session would wait for it for ever.
   */
  #close(): void {
    try {
      this.#emit(this.#packager.end());
    } catch (error) {
      this.#problem ??= error instanceof Error ? error.message : String(error);
    }
  }

  #story(code: number | null, signal: NodeJS.Signals | null): string {
    if (this.#fault) return FAULTS[this.#fault];
    const ending = this.#problem ?? (signal ? `ffmpeg was ended by ${signal}.` : `ffmpeg left with code ${code}.`);
    const last = this.#stderr.slice(-3).join(' | ');
    return last ? `${ending} It said last: ${last}` : ending;
  }
}

const FAULTS: Record<EncoderFault, string> = {
  audio_missing: 'The announced audio did not come, or stopped while the video went on; encode without it.',
  copy_irregular:
    'The copied source left its regular beat, so its parts became longer than players accept; encode it instead of copying.',
};

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, NICENESS);
  } catch {
    // Not allowed everywhere (some containers), or already gone: then it runs at our own priority.
  }
}
