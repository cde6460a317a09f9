/** The query of the rows behind a click, in a window of its own. */

import { Button, Group, Modal, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, Suspense, useMemo, useState } from "react";
import { datasourcesQuery, schemaQuery } from "@/api/queries/datasources";
import { placeholdersIn, SqlEditor, scopeOf } from "../sql-editor";
import type { TileDraft } from "./draft";
import classes from "./editor.module.css";
import { useInteractivityText } from "./interactivityText";
import { firstDetail } from "./levels";

interface Props {
  draft: TileDraft;
  onApply: (query: string) => void;
  onClose: () => void;
}

export function DetailQuery({ draft, onApply, onClose }: Props) {
  const t = useInteractivityText();
  const { detail_query: given } = draft.chart_config;
  const [query, setQuery] = useState(typeof given === "string" && given ? given : firstDetail(draft.query));
  const { data: sources } = useQuery(datasourcesQuery);
  const { data: catalog } = useQuery({
    ...schemaQuery(draft.datasource_id ?? ""),
    enabled: draft.datasource_id !== null,
  });
  const scope = useMemo(
    () => scopeOf(catalog, { catalog: draft.catalog, schema: draft.schema }),
    [catalog, draft.catalog, draft.schema],
  );
  const found = placeholdersIn(query);
  const unknown = found.find((placeholder) => !placeholder.isKnown);
  const problem = unknown
    ? t.unknown(`\${${unknown.name}}`)
    : found.some(({ name }) => name === "detail.where")
      ? null
      : t.needsWhere;
  const apply = () => {
    if (problem) return;
    onApply(query);
    onClose();
  };
  // Escape closes this window alone; in the editor it has a meaning of its own.
  const leave = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (!(event.target instanceof Element && event.target.closest(".cm-editor"))) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.detailTitle}
      size="min(860px, 94vw)"
      closeOnEscape={false}
      onKeyDown={leave}
    >
      <Text size="sm" c="dimmed" mb="xs">
        {t.placeholders}
      </Text>
      <div className={classes.detailSql}>
        <Suspense fallback={<Skeleton h="100%" />}>
          <SqlEditor
            value={query}
            onChange={setQuery}
            onRun={apply}
            type={sources?.find((source) => source.id === draft.datasource_id)?.type}
            catalog={catalog}
            scope={scope}
            error={null}
            label={t.detailSql}
            placeholder=""
          />
        </Suspense>
      </div>
      <Group justify="flex-end" mt="md">
        <Text size="sm" c="dimmed" role="status" mr="auto">
          {problem}
        </Text>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button onClick={apply} disabled={problem !== null}>
          {t.apply}
        </Button>
      </Group>
    </Modal>
  );
}
