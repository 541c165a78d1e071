/**
 * What is told live while a question is under way. The answer may be older than that: it is put
 * on top of the answer again, so that nothing is lost that came before it.
 */
export class Meanwhile<Told> {
  private readonly underWay = new Set<{ of: string; told: Told[] }>();

  /** `of` is whose it is: a user's reports are nothing to what another one has asked. */
  tell(of: string, told: Told): void {
    for (const question of this.underWay) if (question.of === of) question.told.push(told);
  }

  async ask<Answer>(
    of: string,
    question: () => Promise<Answer>,
    onTop: (answer: Answer, told: Told) => Answer,
  ): Promise<Answer> {
    const asked = { of, told: [] as Told[] };
    this.underWay.add(asked);
    try {
      const answer = await question();
      return asked.told.reduce(onTop, answer);
    } finally {
      this.underWay.delete(asked);
    }
  }
}
