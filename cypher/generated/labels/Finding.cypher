// Derived from the model by `graph-service schema --write`. Do not edit.

// Finding · known
UNWIND $keys AS key MATCH (n:Finding {finding_no: key}) MATCH (n)<-[:OF]-(s:FindingState {superseded: $open}) RETURN collect([key, s.recorded, [s.column, s.check, s.severity, s.severity_text, s.state, s.state_text, s.value, s.note, s.by, s.day, s.seen_on]]);

// Finding · supersede
UNWIND $rows AS row MATCH (n:Finding {finding_no: row[0]}) MATCH (n)<-[:OF]-(s:FindingState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Finding · create
UNWIND $rows AS row MERGE (n:Finding {finding_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:FindingState {column: row[3], check: row[4], severity: row[5], severity_text: row[6], state: row[7], state_text: row[8], value: row[9], note: row[10], by: row[11], day: row[12], seen_on: row[13], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
