import { sameAnswer, type Answer } from './answers.ts';

/** An image that was painted, and when; times are of `performance.now()`, as those of key events are. */
interface Showing {
  sha256: string;
  position: number;
  at: number;
  given: Answer | null;
}

/** Which image was on the screen when a key went down: an answer is for that one, whatever is shown by now. */
export class Showings {
  #recent: Showing[] = [];

  painted(sha256: string, position: number, at: number): void {
    this.#recent = [...this.#recent.slice(-1), { sha256, position, at, given: null }];
  }

  /**
   * The image that an answer is for; null when nothing was on the screen, and for a key that bounced or came before
   * the next image was there, since it says the same of the same image again.
   */
  take(answer: Answer, pressedAt: number): { sha256: string; position: number } | null {
    const showing = this.#recent.findLast(({ at }) => at <= pressedAt);
    if (!showing || (showing.given && sameAnswer(showing.given, answer))) return null;
    showing.given = answer;
    return showing;
  }

  /** The images on the screen can be given the same answer again. */
  forgetAnswers(): void {
    for (const showing of this.#recent) showing.given = null;
  }
}
