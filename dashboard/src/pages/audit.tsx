import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { get, post, type Schema } from '../api/client';
import { useAct, useList } from '../api/hooks';
import { useMay } from '../app/session';
import { useWhere } from '../app/shell';
import { count, instant } from '../format/plain';
import {
  Banner,
  Button,
  Empty,
  Failure,
  Form,
  Hint,
  Input,
  Mono,
  Row,
  SameBy,
  Skeleton,
  Title,
} from '../ui/parts';
import { Table } from '../ui/table';
import { anchorsOf, follow, type Anchor, type Verdict } from './audit-check';

type Entry = Schema['AuditEntry'];

export function Audit() {
  const { org } = useWhere();
  const may = useMay();
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const { actor, action, object } = search;
  const list = useList<Entry>('/api/audit', { actor, action, object });
  const [anchors, setAnchors] = useState<readonly Anchor[]>([]);
  const [wrongFile, setWrongFile] = useState<string>();
  const [links, setLinks] = useState(0);
  // At the gate, or here over what it exports.
  const verify = useAct(async (here: boolean) => {
    if (!here) return { here, verdict: await post<Verdict>('/api/audit/verify', { anchors }) };
    setLinks(0);
    const text = await get<string>('/api/audit/export');
    return { here, verdict: await follow(text, anchors, setLinks) };
  });
  const set = (name: string, value: string) =>
    void navigate({ to: `/o/${org}/audit`, search: { ...search, [name]: value || undefined } });
  const verdict = verify.data?.verdict;
  return (
    <>
      <Title
        lead="Who did what. Each entry carries the hash of the one before."
        actions={
          <>
            <a href="/api/audit/export" download="audit.jsonl">
              Export
            </a>
            {may('audit.read') && (
              <>
                <Button disabled={verify.isPending} onClick={() => verify.mutate(false)}>
                  Verify at the gate
                </Button>
                <Button disabled={verify.isPending} onClick={() => verify.mutate(true)}>
                  {verify.isPending ? `Verifying… ${count(links)}` : 'Verify in this browser'}
                </Button>
              </>
            )}
          </>
        }
      >
        Audit
      </Title>
      <Failure error={list.error ?? verify.error} />
      {may('audit.read') && (
        <Input
          label="Anchors"
          type="file"
          accept=".json,.jsonl"
          hint="Ends of the chain that were kept elsewhere, a line each: `gatewright audit anchor --output FILE`."
          error={wrongFile}
          onChange={(event) => {
            void event.target.files?.[0]?.text().then((text) => {
              verify.reset();
              setWrongFile(undefined);
              try {
                setAnchors(anchorsOf(text));
              } catch (none) {
                setAnchors([]);
                setWrongFile((none as Error).message);
              }
            });
          }}
        />
      )}
      <p />
      {verdict && (
        <Banner tone={verdict.intact ? 'ok' : 'bad'}>
          <p>
            {verdict.intact
              ? `Intact: entries 1 to ${count(verdict.links)}, ${count(verdict.anchors)} anchors.`
              : `Broken at entry ${verdict.broken_at}: ${verdict.reason}. Entries after it are not proven.`}
          </p>
          {verify.data?.here && (verdict.unchecked ?? 0) > 0 && (
            <Hint>
              {count(verdict.unchecked)} of them are of forms that only the gate’s own key checks.
            </Hint>
          )}
          {verdict.intact && verdict.anchors === 0 && (
            <Hint>
              Without an anchor kept elsewhere, a chain rewritten as a whole or cut at its end would
              not show: <code>gatewright audit anchor --output FILE</code>.
            </Hint>
          )}
        </Banner>
      )}
      <Form label="Filters" onSubmit={() => {}}>
        <Row>
          {(['actor', 'action', 'object'] as const).map((each) => (
            <Input
              key={each}
              label={each}
              data-filter={each === 'actor' ? '' : undefined}
              defaultValue={search[each] ?? ''}
              onBlur={(e) => e.target.value !== (search[each] ?? '') && set(each, e.target.value)}
              onKeyDown={(e) => e.key === 'Enter' && set(each, e.currentTarget.value)}
            />
          ))}
        </Row>
      </Form>
      <p />
      {list.isPending ? (
        <Skeleton />
      ) : list.rows.length === 0 ? (
        <Empty title="No entry fits." />
      ) : (
        <Table
          label="Audit entries"
          rows={list.rows}
          rowKey={(each) => String(each.seq)}
          more={list.more}
          columns={[
            { name: 'No.', number: true, cell: (each) => count(each.seq) },
            { name: 'Time', cell: (each) => instant(each.at) },
            { name: 'Who', cell: (each) => <Mono>{each.actor}</Mono> },
            { name: 'Act', cell: (each) => each.action },
            { name: 'Object', cell: (each) => <Mono>{each.object}</Mono> },
            {
              name: 'Detail',
              cell: (each) => (
                <Mono>
                  {typeof each.detail === 'string' ? each.detail : JSON.stringify(each.detail)}
                </Mono>
              ),
            },
            { name: 'Address', cell: (each) => each.address ?? '–' },
          ]}
        />
      )}
      <SameBy command="gatewright audit verify --anchors FILE" call="POST /api/audit/verify" />
    </>
  );
}
