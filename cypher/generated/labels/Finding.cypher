// Derived from the model by `graph-service schema --write`. Do not edit.

// Finding · known
UNWIND $keys AS key MATCH (n:Finding {finding_no: key}) MATCH (n)<-[:OF]-(s:FindingState {superseded: $open}) RETURN collect([key, s.recorded, [s.check, s.state, s.state_text, s.value, s.note, s.by, s.day, s.seen_on]]);

// Finding · supersede
UNWIND $rows AS row MATCH (n:Finding {finding_no: row[0]}) MATCH (n)<-[:OF]-(s:FindingState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Finding · create
UNWIND $rows AS row MERGE (n:Finding {finding_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:FindingState {check: row[3], state: row[4], state_text: row[5], value: row[6], note: row[7], by: row[8], day: row[9], seen_on: row[10], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
