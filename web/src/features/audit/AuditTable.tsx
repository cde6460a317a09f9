/** The lines of the audit: the day stands once, details open below a line. */

import { ActionIcon, Table, Text } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Fragment, useId, useState } from "react";
import type { AuditLine } from "@/api/types";
import { dateFormat } from "@/lib/format";
import { useMedia } from "@/lib/hooks";
import { useLocale } from "@/lib/locale";
import { exactly, toMillis } from "@/lib/time";
import { sayAction } from "./actions";
import { useAuditText } from "./text";

/** Where who did it has no column of its own. A wider cell would make one more column there, an empty one. */
const PHONE = "(max-width: 47.99em)";

export function AuditTable({ lines }: { lines: AuditLine[] }) {
  const t = useAuditText();
  const columns = useMedia(PHONE) ? 3 : 4;
  return (
    <Table verticalSpacing="xs" layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={92}>{t.when}</Table.Th>
          <Table.Th w="28%" visibleFrom="sm">
            {t.who}
          </Table.Th>
          <Table.Th>{t.what}</Table.Th>
          <Table.Th w={48} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line, at) => (
          <Fragment key={line.id}>
            {dayOf(line) !== dayOf(lines[at - 1]) && (
              <Table.Tr>
                <Table.Td colSpan={columns} bg="var(--t-ground)">
                  <Text size="xs" fw={600} c="dimmed">
                    {dayOf(line)}
                  </Text>
                </Table.Td>
              </Table.Tr>
            )}
            <Line line={line} columns={columns} />
          </Fragment>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function dayOf(line: AuditLine | undefined): string {
  const millis = toMillis(line?.at);
  return millis === null ? "" : dateFormat({ dateStyle: "full" }).format(millis);
}

function Line({ line, columns }: { line: AuditLine; columns: number }) {
  const t = useAuditText();
  const locale = useLocale();
  const [isOpen, setOpen] = useState(false);
  const below = useId();
  const what = sayAction(line.action, locale);
  const who = line.user_name || (line.via === "system" ? t.server : t.unknown);
  const details = Object.entries(line.details);
  const Chevron = isOpen ? IconChevronUp : IconChevronDown;
  return (
    <>
      <Table.Tr>
        <Table.Td className="tnum" title={exactly(line.at)}>
          <Text size="sm" style={ONE_LINE}>
            {dateFormat({ timeStyle: "short" }).format(toMillis(line.at) ?? 0)}
          </Text>
        </Table.Td>
        <Table.Td visibleFrom="sm" style={BREAKS}>
          <Text size="sm">{who}</Text>
          <From line={line} />
        </Table.Td>
        <Table.Td style={BREAKS}>
          <Text size="sm">
            {what}
            {line.object_name && (
              <>
                {": "}
                <ObjectName line={line} />
              </>
            )}
          </Text>
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            {who}
          </Text>
        </Table.Td>
        <Table.Td>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t.showDetails(what)}
            aria-expanded={isOpen}
            aria-controls={isOpen ? below : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            <Chevron size={16} />
          </ActionIcon>
        </Table.Td>
      </Table.Tr>
      {isOpen && (
        <Table.Tr id={below}>
          <Table.Td colSpan={columns}>
            <dl style={FACTS}>
              {[
                ["at", line.at],
                ["action", line.action],
                ["via", [line.via, line.ip].filter(Boolean).join(" · ")],
                [line.object_kind ?? "object", line.object_id],
                ["in", line.parent_id],
                ...details.map(([name, value]) => [name === "changed" ? t.changed : name, said(value)]),
              ]
                .filter(([, value]) => value)
                .map(([name, value]) => (
                  <Fragment key={name}>
                    <dt>{name}</dt>
                    <dd style={VALUE}>{value}</dd>
                  </Fragment>
                ))}
            </dl>
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function From({ line }: { line: AuditLine }) {
  const t = useAuditText();
  const words = [t.via[line.via] ?? line.via, line.ip && t.from_(line.ip)].filter(Boolean).join(" ");
  return (
    <Text size="xs" c="dimmed">
      {words}
    </Text>
  );
}

/** The name of what was changed; a dashboard's leads to it, and a tile's to its dashboard. */
function ObjectName({ line }: { line: AuditLine }) {
  const dashboard =
    line.object_kind === "dashboard" ? line.object_id : line.object_kind === "tile" ? line.parent_id : null;
  if (!dashboard || line.action.startsWith("delete_dashboard")) return <b>{line.object_name}</b>;
  return (
    <Link to="/dashboards/$id" params={{ id: dashboard }} className="t-link">
      {line.object_name}
    </Link>
  );
}

function said(value: unknown): string {
  if (Array.isArray(value)) return value.map(said).join(", ");
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

const ONE_LINE = { whiteSpace: "nowrap" } as const;
const BREAKS = { overflowWrap: "anywhere" } as const;
const FACTS = { display: "grid", gridTemplateColumns: "auto 1fr", gap: "2px 16px", margin: 0, fontSize: 13 };
const VALUE = { margin: 0, overflowWrap: "anywhere", color: "var(--t-muted)" } as const;
