/** A policy that is not stored. Pure. */
import type { PolicyInput } from "@/api/queries/policies";

export function blank(datasource_id: string): PolicyInput {
  return {
    datasource_id,
    name: "",
    catalog: null,
    schema: null,
    table: "",
    predicate: "",
    masks: {},
    roles: [],
    team_ids: [],
    is_enabled: true,
  };
}

/** What is sent: the members of a policy that people set. */
export function tidied(draft: PolicyInput): PolicyInput {
  const { datasource_id, catalog, schema, table, masks, roles, team_ids, is_enabled } = draft;
  return {
    datasource_id,
    name: draft.name.trim(),
    catalog,
    schema,
    table,
    predicate: draft.predicate.trim(),
    masks,
    roles,
    team_ids,
    is_enabled,
  };
}
