/** The audit, for admins: what was done, narrowed by dates, person and deed. The address says what is shown. */

import { Alert, Button, Group, Skeleton, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconDownload, IconHistory, IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { AUDIT_PAGE, auditFile, auditQuery } from "@/api/queries/audit";
import { meQuery } from "@/api/queries/auth";
import { useCommon } from "@/i18n/common";
import { formatInteger } from "@/lib/format";
import type { AuditPageSearch } from "@/lib/url";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorNote } from "@/ui/ErrorNote";
import { PageFrame } from "@/ui/PageFrame";
import { Section } from "@/ui/Section";
import { AuditFilters } from "./AuditFilters";
import { AuditTable } from "./AuditTable";
import { useAuditText } from "./text";

interface Props {
  search: AuditPageSearch;
  onSearch: (next: AuditPageSearch) => void;
}

export function AuditPage({ search, onSearch }: Props) {
  const common = useCommon();
  const t = useAuditText();
  const { data: me } = useQuery(meQuery);
  const isAdmin = me?.role === "admin";
  const { n: page = 1, ...narrowed } = search;
  const isBackwards = Boolean(search.from && search.to && search.from > search.to);
  const list = useQuery({ ...auditQuery(narrowed, page), enabled: isAdmin && !isBackwards });
  const isNarrowed = Object.keys(narrowed).length > 0;
  if (!isAdmin) {
    return (
      <PageFrame title={common.audit}>
        <Alert icon={<IconLock size={18} />}>{t.onlyAdmins}</Alert>
      </PageFrame>
    );
  }
  return (
    <PageFrame
      title={common.audit}
      subtitle={t.subtitle}
      actions={
        <Button
          component="a"
          href={auditFile(narrowed)}
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          {t.download}
        </Button>
      }
    >
      <AuditFilters search={narrowed} isNarrowed={isNarrowed} onSearch={onSearch} />
      {isBackwards && <Alert color="yellow">{t.backwards}</Alert>}
      {list.isError && <ErrorNote error={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && !isBackwards && <Skeleton h={420} radius="lg" />}
      {list.data && !isBackwards && !list.isError && (
        <Section>
          {list.data.lines.length === 0 ? (
            <EmptyState icon={<IconHistory size={30} />} title={t.none}>
              {isNarrowed ? t.noneWhy : null}
            </EmptyState>
          ) : (
            <AuditTable lines={list.data.lines} />
          )}
          <Pager
            page={page}
            shown={list.data.lines.length}
            total={list.data.total}
            onPage={(n) => onSearch(n > 1 ? { ...narrowed, n } : narrowed)}
          />
        </Section>
      )}
    </PageFrame>
  );
}

interface PagerProps {
  page: number;
  shown: number;
  total: number;
  onPage: (page: number) => void;
}

function Pager({ page, shown, total, onPage }: PagerProps) {
  const t = useAuditText();
  const first = (page - 1) * AUDIT_PAGE + 1;
  if (page === 1 && total <= AUDIT_PAGE) {
    return total === 0 ? null : (
      <Text size="sm" c="dimmed" mt="md">
        {t.lines(total)}
      </Text>
    );
  }
  return (
    <Group justify="space-between" mt="md">
      <Text size="sm" c="dimmed" className="tnum" role="status">
        {shown > 0 && t.range(formatInteger(first), formatInteger(first + shown - 1), formatInteger(total))}
      </Text>
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          leftSection={<IconChevronLeft size={15} />}
          disabled={page === 1}
          onClick={() => onPage(page - 1)}
        >
          {t.newer}
        </Button>
        <Button
          variant="default"
          size="xs"
          rightSection={<IconChevronRight size={15} />}
          disabled={first + shown > total || shown === 0}
          onClick={() => onPage(page + 1)}
        >
          {t.older}
        </Button>
      </Group>
    </Group>
  );
}
