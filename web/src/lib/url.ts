/** What the app keeps in the URL. Short names, defaults left out, anything strange dropped. */

export interface DashboardSearch {
  /** The page shown; the first when absent. */
  page?: string;
  /** The tile shown alone. */
  tile?: string;
  /** `table`: the tile shown alone is drawn as a table. */
  as?: "table";
  /** `1`: the dashboard fills the screen. */
  full?: 1;
  /** `1`: edit mode. */
  edit?: 1;
  /** The person through whose eyes an admin looks. */
  seen?: string;
}

export interface LoginSearch {
  /** The token of a login link. */
  link?: string;
  /** Where to go afterwards, a path of this app. */
  next?: string;
}

export interface DashboardListSearch {
  q?: string;
  workspace?: string;
  /** `1`: the form for a new dashboard is open. */
  new?: 1;
  /** `1`: the import wizard is open. */
  import?: 1;
  archived?: 1;
}

export interface AuditPageSearch {
  /** Dates; the last one is included. */
  from?: string;
  to?: string;
  /** The id of a user. */
  person?: string;
  action?: string;
  /** Which page of lines, from 1 on; the first when absent. */
  n?: number;
}

export interface CatalogueSearch {
  q?: string;
  status?: "draft" | "published" | "deprecated";
  /** `1`: the form for a new metric is open. */
  new?: 1;
}

export interface PublicSearch {
  page?: string;
  /** `1`: shown inside another site, without its header. */
  embed?: 1;
  /** The look that the site around it wants; the reader's own otherwise. */
  theme?: "light" | "dark";
}

/** A dashboard in the frame of another site. */
export interface FrameSearch {
  page?: string;
  tile?: string;
  as?: "table";
  /** The look that the site around it wants; the browser's own otherwise. */
  theme?: "light" | "dark";
  /** `0`: without the dashboard's name. */
  title?: 0;
}

type Raw = Record<string, unknown>;

function text(value: unknown, longest = 200): string | undefined {
  const asText = typeof value === "number" ? String(value) : value;
  return typeof asText === "string" && asText !== "" && asText.length <= longest ? asText : undefined;
}

function flag(value: unknown): 1 | undefined {
  return value === 1 || value === "1" || value === true ? 1 : undefined;
}

function date(value: unknown): string | undefined {
  const found = text(value, 10);
  return found && /^\d{4}-\d\d-\d\d$/.test(found) && !Number.isNaN(Date.parse(found)) ? found : undefined;
}

function defined<T extends object>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}

export function readDashboardSearch(raw: Raw): DashboardSearch {
  return defined({
    page: text(raw.page),
    tile: text(raw.tile),
    as: raw.as === "table" ? ("table" as const) : undefined,
    full: flag(raw.full),
    edit: flag(raw.edit),
    seen: text(raw.seen),
  });
}

export function readListSearch(raw: Raw): DashboardListSearch {
  return defined({
    q: text(raw.q),
    workspace: text(raw.workspace),
    archived: flag(raw.archived),
    new: flag(raw.new),
    import: flag(raw.import),
  });
}

export function readAuditSearch(raw: Raw): AuditPageSearch {
  const n = Number(raw.n);
  return defined({
    from: date(raw.from),
    to: date(raw.to),
    person: text(raw.person),
    action: text(raw.action, 60),
    n: Number.isInteger(n) && n > 1 && n < 1_000_000 ? n : undefined,
  });
}

export function readCatalogueSearch(raw: Raw): CatalogueSearch {
  const statuses = ["draft", "published", "deprecated"] as const;
  return defined({
    q: text(raw.q),
    status: statuses.find((status) => status === raw.status),
    new: flag(raw.new),
  });
}

export function readLoginSearch(raw: Raw): LoginSearch {
  return defined({ link: text(raw.link, 2000), next: safePath(raw.next) });
}

export function readPublicSearch(raw: Raw): PublicSearch {
  return defined({
    page: text(raw.page),
    embed: flag(raw.embed),
    theme: raw.theme === "light" || raw.theme === "dark" ? raw.theme : undefined,
  });
}

export function readFrameSearch(raw: Raw): FrameSearch {
  const { page, tile, as } = readDashboardSearch(raw);
  const { theme } = readPublicSearch(raw);
  return defined({ page, tile, as, theme, title: raw.title === 0 || raw.title === "0" ? 0 : undefined });
}

/** The search with the change in it; what changes goes to the end, so that clicks keep their order. */
export function changed<T extends object>(now: T, change: Partial<T>): T {
  const kept = Object.entries(now).filter(([key]) => !(key in change));
  return { ...Object.fromEntries(kept), ...change } as T;
}

/** A path inside this app, never another host: `//host`, `/\host` and `https:` are refused. */
export function safePath(value: unknown): string | undefined {
  const path = text(value, 2000);
  if (!path?.startsWith("/") || path.startsWith("//") || path.includes("\\")) return undefined;
  return path.startsWith("/login") ? undefined : path;
}
