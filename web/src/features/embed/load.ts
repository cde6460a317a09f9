/** Which sites may show this page. */

/** Asked before any token is there, so it goes without the client's own way. */
export async function allowedOrigins(): Promise<string[]> {
  const answer = await fetch("/api/embed", { credentials: "omit" });
  const { origins } = (await answer.json()) as { origins: string[] };
  return origins;
}
