/** The condition of a policy, with the names that fit into it to be put in by a click. */

import { Textarea, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { meQuery } from "@/api/queries/auth";
import { usersQuery } from "@/api/queries/people";
import { usePolicyText } from "./text";

interface Props {
  value: string;
  columns: readonly string[];
  onChange: (value: string) => void;
}

export function Predicate({ value, columns, onChange }: Props) {
  const t = usePolicyText();
  const area = useRef<HTMLTextAreaElement>(null);
  const attributes = useAttributes();
  const insert = (text: string) => {
    const { selectionStart: from = value.length, selectionEnd: to = value.length } = area.current ?? {};
    const before = value.slice(0, from);
    const gap = before && !/[\s(]$/.test(before) ? " " : "";
    onChange(before + gap + text + value.slice(to));
    const at = from + gap.length + text.length;
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
    });
  };
  return (
    <div>
      <Textarea
        ref={area}
        label={t.predicate}
        description={t.predicateHint}
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a policy names an attribute
        placeholder={"region IN (${user.regions})"}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 13 } }}
      />
      <Words label={t.who} hint={t.attributeWhy}>
        {["id", "email", ...attributes].map((name) => (
          <Word key={name} text={`\${user.${name}}`} onInsert={insert} />
        ))}
      </Words>
      {columns.length > 0 && (
        <Words label={t.columns}>
          {columns.slice(0, 40).map((name) => (
            <Word key={name} text={name} insert={quoted(name)} onInsert={insert} />
          ))}
        </Words>
      )}
    </div>
  );
}

function Words({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <fieldset
      style={{
        display: "flex",
        flexWrap: "wrap",
        gap: 4,
        margin: "8px 0 0",
        padding: 0,
        border: 0,
        minWidth: 0,
      }}
    >
      <legend style={{ padding: 0, marginBottom: 4, color: "var(--t-muted)", fontSize: 12 }}>
        {hint ? `${label}. ${hint}` : label}
      </legend>
      {children}
    </fieldset>
  );
}

function Word({
  text,
  insert,
  onInsert,
}: {
  text: string;
  insert?: string;
  onInsert: (text: string) => void;
}) {
  return (
    <UnstyledButton
      onClick={() => onInsert(insert ?? text)}
      px={8}
      py={3}
      fz={12.5}
      ff="monospace"
      bd="1px solid var(--t-line)"
      bg="var(--t-ground)"
      style={{ borderRadius: 6 }}
    >
      {text}
    </UnstyledButton>
  );
}

/** Names that need no quotes stay as they are. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** The attributes that people have, as far as one may know; `regions` as an example where nobody has any. */
function useAttributes(): string[] {
  const { data: me } = useQuery(meQuery);
  const { data: users = [] } = useQuery({ ...usersQuery, enabled: me?.role === "admin" });
  const names = new Set(users.flatMap((user) => Object.keys(user.attributes)));
  return names.size > 0 ? [...names].sort().slice(0, 20) : ["regions"];
}
