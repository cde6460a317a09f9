/** Where the query runs: datasource, and where there are several, catalog and schema. */

import { Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { datasourcesQuery } from "@/api/queries/datasources";
import type { Catalog } from "@/api/types";
import { ErrorNote } from "@/ui/ErrorNote";
import type { TileDraft } from "./draft";
import classes from "./editor.module.css";
import { useEditorText } from "./messages";

interface SourcePickersProps {
  draft: TileDraft;
  catalog: Catalog | undefined;
  onChange: (changes: Pick<TileDraft, "datasource_id" | "catalog" | "schema">) => void;
}

export function SourcePickers({ draft, catalog, onChange }: SourcePickersProps) {
  const text = useEditorText();
  const { data: sources, error, refetch } = useQuery(datasourcesQuery);
  const catalogs = catalog?.catalogs ?? [];
  const current = draft.catalog ?? catalog?.default_catalog ?? catalogs[0]?.name ?? null;
  const schemas = catalogs.find((one) => one.name === current)?.schemas ?? [];
  if (error) return <ErrorNote error={error} onRetry={() => refetch()} />;
  return (
    <div className={classes.sources}>
      <Select
        size="xs"
        label={text.datasource}
        placeholder={text.chooseDatasource}
        data={(sources ?? []).map((source) => ({
          value: source.id,
          label: source.can_use ? source.name : `${source.name} (${text.mayNotUse})`,
          disabled: !source.can_use,
        }))}
        value={draft.datasource_id}
        onChange={(id) => id && onChange({ datasource_id: id, catalog: null, schema: null })}
        searchable
        allowDeselect={false}
      />
      {sources?.length === 0 && (
        <Text size="xs" c="dimmed">
          {text.noDatasources}
        </Text>
      )}
      {catalogs.length > 1 && (
        <Select
          size="xs"
          label={text.catalog}
          data={catalogs.map((one) => one.name)}
          value={draft.catalog}
          placeholder={named(catalog?.default_catalog, text.byDefault)}
          onChange={(value) => onChange({ datasource_id: draft.datasource_id, catalog: value, schema: null })}
          clearable
          searchable
        />
      )}
      {schemas.length > 1 && (
        <Select
          size="xs"
          label={text.schema}
          data={schemas.map((one) => one.name)}
          value={draft.schema}
          placeholder={named(catalog?.default_schema, text.byDefault)}
          onChange={(value) =>
            onChange({ datasource_id: draft.datasource_id, catalog: draft.catalog, schema: value })
          }
          clearable
          searchable
        />
      )}
    </div>
  );
}

function named(name: string | null | undefined, byDefault: string): string {
  return name ? `${name} (${byDefault})` : byDefault;
}
