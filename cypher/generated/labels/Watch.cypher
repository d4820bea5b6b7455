// Derived from the model by `graph-service schema --write`. Do not edit.

// Watch · known
UNWIND $keys AS key MATCH (n:Watch {watch_no: key}) MATCH (n)<-[:OF]-(s:WatchState {superseded: $open}) RETURN collect([key, s.recorded, [s.kind, s.kind_text, s.risk, s.risk_text, s.found_on, s.verified_on, s.discussed_on, s.published_on, s.approved_on, s.cleared_on]]);

// Watch · supersede
UNWIND $rows AS row MATCH (n:Watch {watch_no: row[0]}) MATCH (n)<-[:OF]-(s:WatchState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Watch · create
UNWIND $rows AS row MERGE (n:Watch {watch_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:WatchState {kind: row[3], kind_text: row[4], risk: row[5], risk_text: row[6], found_on: row[7], verified_on: row[8], discussed_on: row[9], published_on: row[10], approved_on: row[11], cleared_on: row[12], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
